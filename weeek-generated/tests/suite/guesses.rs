//! What a user tries first, and expects to compile: guesses of someone who had read the README only, one to a line.
//!
//! These do not compile:
//!
//! | guess | instead | why |
//! | --- | --- | --- |
//! | `.title(Option<&str>)`, `.amount(Option<i32>)` | `.title(title.map(str::to_owned))` | a bare `None` would be ambiguous |
//! | `TaskId::from(u64)`, `.limit(usize)`, `.amount(i64)` | `i64::try_from(id)?`, `cents as f64` | not every value fits |
//! | `Task::default()` | `Task::example()` | a default would make up an id |
//! | `Task: Eq + Hash` | `task.id` is both | a custom field can be a number with a fraction |
//! | `TaskPriority::ALL`, `TaskPriority::values()` | `TaskPriority::VARIANTS` | one name for it, that of strum |
//! | `builder.proxy(…)`, `builder.default_header(…)` | `builder.http_client(…)`, whose docs show both | reqwest's builder has them, and many more |
//! | `list_all(…).collect()` | `list_all(…).try_collect()` | an item can be an error |

#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::let_unit_value,
    clippy::nonminimal_bool,
    reason = "the guesses are written as a user writes them"
)]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{from_value, to_string, to_value};
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, Reply};
use weeek_generated::{Client, Error, Page, Upload};

/// Runs the guesses, compares those that have an expected value, and returns their number.
macro_rules! guesses {
    ($($guess:expr $(=> $expected:expr)?;)+) => {{
        $(
            let value = $guess;
            $(assert_eq!(value, $expected, "{}", stringify!($guess));)?
            let _ = value;
        )+
        [$(stringify!($guess)),+].len()
    }};
}

/// Parses an argument with what clap and other parsers of command lines ask of a type.
fn is_argument<T: FromStr<Err: Display> + Clone + Send + Sync + 'static>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

/// A struct of a program, with values of the client in it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Row {
    task: Task,
    deal: Option<DealId>,
    priority: TaskPriority,
    field: CustomField,
}

#[tokio::test]
async fn at_least_45_guesses_compile() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let api = MockApi::new();
    let weeek: Client = api.client();
    api.on("tasks.list").reply(Reply::items([Task::example(), Task::example()]));
    let (task, deal_id, text) = (Task::example(), DealId::from("d-1"), String::from("d-1"));
    let (project, owned, tags) = (ProjectId::from(4), String::from("x"), vec![TagId::from(3)]);
    let row =
        Row { task: task.clone(), deal: Some("d".into()), priority: TaskPriority::High, field: CustomField::example() };
    let user = UserProfile::example();

    let values = guesses! {
        // Data.
        serde_json::from_str::<Task>(&to_string(&task)?)? => task;
        from_value::<Row>(to_value(&row)?)? => row;
        to_string(&UpdateTask::new().title("A").priority(None))? => r#"{"title":"A","priority":null}"#;
        task.extra("newField") => None;
        serde_json::from_str::<UpdateTask>(r#"{"title":null}"#)? => UpdateTask::new().title(None);
        serde_json::from_str::<CustomFieldValue>("true")? => true.into();
        // Ids and enumerations.
        "1501".parse::<TaskId>() => Ok(task.id);
        task.id.to_string().parse::<i64>() => Ok(1501);
        is_argument::<TaskId>("5") && is_argument::<DealId>("d-1") => true;
        is_argument::<TaskPriority>("2") && is_argument::<WinStatus>("won") => true;
        "won".parse::<WinStatus>() => Ok(WinStatus::Won);
        format!("{:>4}|{:<4}|{:5}|{:>5}|", WinStatus::Won, deal_id, TaskPriority::Low, task.id) => " won|d-1 |Low  | 1501|";
        (WinStatus::Won.to_string(), TaskPriority::High.to_string()) => ("won".to_owned(), "High".to_owned());
        ("high".parse::<TaskPriority>(), "9".parse::<TaskPriority>()) => (Ok(TaskPriority::High), Ok(TaskPriority::Unknown(9)));
        TaskPriority::VARIANTS.iter().max() => Some(&TaskPriority::Hold);
        TaskPriority::Unknown(9) > TaskPriority::Hold && TaskPriority::Low < TaskPriority::High => true;
        WinStatus::VARIANTS.iter().map(WinStatus::as_str).collect::<Vec<_>>() => ["won", "lost", "archived"];
        TaskId::from(1501_u32) => task.id;
        (i64::from(task.id), task.id.as_i64()) => (1501, 1501);
        task.id == 1501 && 1501 == task.id => true;
        DealId::from(&text) => deal_id;
        "d-1" == deal_id && deal_id == "d-1" && deal_id == *"d-1" && deal_id == text => true;
        String::from(deal_id.clone()) => text;
        HashMap::from([(deal_id.clone(), 1)]).get("d-1").copied() => Some(1);
        HashMap::from([(task.id, 1)])[&task.id] => 1;
        BTreeMap::from([(task.id, 1)])[&task.id] => 1;
        HashSet::from([WinStatus::Won]).len() => 1;
        [task.clone(), task.clone()].sort_by_key(|task| task.priority);
        // Setters.
        CreateDeal::new().amount(120) => CreateDeal::new().amount(120.0);
        CreateDeal::new().amount(120_u32);
        CreateDeal::new().amount(1.5_f32);
        CreateDeal::new().amount(Some(1.5));
        CreateDeal::new().amount(None);
        UpdateTask::new().title(&owned).title(owned.clone()).title(Some(owned.clone()));
        UpdateTask::new().title(None);
        UpdateTask::new().priority(None);
        UpdateTask::new().priority(Some(TaskPriority::Low)).priority(TaskPriority::High);
        CreateContact::new("A").emails(vec![owned.clone()]);
        CreateContact::new("A").emails(["a@example.com"]);
        ListDeals::new().tags(&tags[..]).tags([1, 2]);
        ListTasks::new().tags(&task.tags);
        ListTasks::new().project_id(4).project_id(4_u32);
        ListTasks::new().project_id(project).project_id(&project);
        ListTasks::new().search("x").search(&owned).user_id("u").user_id(&owned);
        ListTasks::new().limit(50).limit(50_u32);
        ListTasks::new().project_id(Some(4)) => ListTasks::new().project_id(4);
        ListTasks::new().completed(None::<bool>).search(Some("x")).user_id(Some(&owned));
        [("f", "text"), ("g", "other")].into_iter().collect::<CustomFieldValues>();
        CustomFieldValues::new().set("f", vec!["a"]);
        // Custom fields and people.
        task.custom_field("Source").map(CustomFieldWithValue::text) => Some("Referral".to_owned());
        task.custom_fields[0].option_names().collect::<Vec<_>>() => ["Referral"];
        CustomFieldValue::from(1.5).as_f64() => Some(1.5);
        CustomFieldValue::from("a").to_string() => "a";
        (user.display_name(), WorkspaceMember::example().display_name()) => ("Nora Lind".into(), "Nora Lind".into());
    };

    let page: Page<Task> = weeek.tasks().list(ListTasks::new()).await?;
    let error: Error = Client::new("").unwrap_err();
    let client = weeek.clone();
    let mut items = weeek.tasks().list_all(ListTasks::new());
    let calls = guesses! {
        tokio::try_join!(weeek.tasks().get(17), weeek.tags().list())?.1.len() => 1;
        weeek.tasks().add_assignees(1, [&user.id]).await?;
        weeek.tasks().upload_attachments(1, [Upload::reader("a.txt", tokio::io::empty())]).await?;
        tokio::spawn(async move { client.tasks().list_all(ListTasks::new()).try_collect::<Vec<_>>().await }).await??.len() => 2;
        weeek.tasks().list_all(ListTasks::new()).take(1).try_collect::<Vec<_>>().await?.len() => 1;
        items.next().await.transpose()?.map(|task| task.id) => Some(task.id);
        (page.len(), page.is_empty(), page.iter().count()) => (2, false, 2);
        for task in &page { assert_eq!(task.id, 1501) };
        for task in page { assert_eq!(task.id, 1501) };
        error.clone().to_string() => error.to_string();
        Client::new(String::from("t"))?;
        Client::builder(&text).build()?;
        Client::builder("t").connect_timeout(Duration::from_secs(1)).build()?;
    };
    assert!(values + calls >= 45, "{}", values + calls);
    Ok(())
}

#[test]
fn custom_fields_and_people_have_names() {
    let mut task = Task::example();
    let field = task.custom_field("Source").unwrap();
    let mut with_unknown = field.clone();
    let known = field.value.as_ref().unwrap().option_ids()[0].clone();
    with_unknown.value = Some(CustomFieldValue::MultiSelect(vec!["gone".into(), known]));
    assert_eq!((with_unknown.text().as_str(), with_unknown.option_names().count()), ("gone, Referral", 1));
    assert!(task.custom_field("source").is_none());
    let value = field.value.clone().unwrap();
    assert_eq!((value.option_ids().len(), value.to_string()), (1, value.option_ids()[0].to_string()));
    for (value, text) in [
        (CustomFieldValue::from("a"), "a"),
        (true.into(), "true"),
        (12.into(), "12"),
        (1.5.into(), "1.5"),
        (vec!["a", "b"].into(), "a, b"),
        (vec![UserId::from("u"), UserId::from("v")].into(), "u, v"),
    ] {
        task.custom_fields[0].value = Some(value);
        assert_eq!(task.custom_field("Source").unwrap().text(), text);
    }
    let value = CustomFieldValue::from(1.5);
    assert_eq!((value.as_str(), value.as_bool(), value.as_timestamp()), (None, None, None));
    task.custom_fields[0].value = None;
    assert_eq!(task.custom_field("Source").unwrap().text(), "");

    let mut member = WorkspaceMember::example();
    (member.first_name, member.last_name) = (Some(String::new()), None);
    assert_eq!(member.display_name(), "nora@example.com");
    assert_eq!(Contact::example().display_name(), "Jane Sample");
}
