//! What a user tries first, and expects to compile: a list of guesses that were made by someone who had read the README only.

#![allow(missing_docs)]
#![allow(
    clippy::needless_borrows_for_generic_args,
    clippy::nonminimal_bool,
    reason = "the guesses are written as a user writes them"
)]
#![cfg(all(feature = "workspace", feature = "task-manager", feature = "crm"))]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, Reply};
use weeek_generated::{Client, Error, Page};

/// What a parser of command lines, such as clap, asks of a value.
fn is_argument<T: FromStr<Err: Display> + Clone + Send + Sync + 'static>() {}

fn is_key<T: std::hash::Hash + Ord + Clone>() {}

/// A struct of a program, with values of the client in it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Row {
    task: Task,
    deal: Option<DealId>,
    priority: TaskPriority,
    field: CustomField,
}

#[test]
fn values_are_data() {
    let task = Task::example();
    let json = serde_json::to_string(&task).unwrap();
    assert_eq!(serde_json::from_str::<Task>(&json).unwrap(), task);
    assert!(task.extra("newField").is_none() && task.extras().next().is_none());
    let row = Row { task, deal: Some("d".into()), priority: TaskPriority::High, field: CustomField::example() };
    assert_eq!(serde_json::from_value::<Row>(serde_json::to_value(&row).unwrap()).unwrap(), row);
    assert_eq!(
        serde_json::to_string(&UpdateTask::new().title("A").priority(None)).unwrap(),
        r#"{"title":"A","priority":null}"#
    );
}

#[test]
fn ids_and_enumerations_are_values_like_any_other() {
    is_argument::<TaskId>();
    is_argument::<DealId>();
    is_argument::<WinStatus>();
    is_argument::<TaskPriority>();
    is_key::<TaskId>();
    is_key::<DealId>();
    is_key::<WinStatus>();
    let task = Task::example();
    assert_eq!("1501".parse::<TaskId>().unwrap(), task.id);
    assert_eq!(task.id.to_string().parse::<i64>().unwrap(), 1501);
    assert_eq!((i64::from(task.id), task.id.as_i64()), (1501, 1501));
    assert!(task.id == 1501 && 1501 == task.id);
    let text = String::from("d-1");
    let deal = DealId::from(&text);
    assert!("d-1" == deal && deal == "d-1" && deal == text);
    assert_eq!(HashMap::from([(deal.clone(), 1)]).get("d-1"), Some(&1));
    assert_eq!(BTreeMap::from([(task.id, 1)])[&task.id], 1);
    assert_eq!(HashSet::from([WinStatus::Won]).len(), 1);
    assert_eq!((String::from(deal.clone()), deal.as_str(), deal.as_ref()), (text, "d-1", "d-1"));
    assert_eq!(WinStatus::from("won"), WinStatus::Won);
    assert_eq!((WinStatus::Won.to_string(), TaskPriority::High.to_string()), ("won".to_owned(), "2".to_owned()));
    assert_eq!(TaskPriority::VARIANTS.iter().max(), Some(&TaskPriority::Hold));
    let mut tasks = [task.clone(), task];
    tasks[0].priority = None;
    tasks.sort_by_key(|task| task.priority);
}

#[test]
fn setters_take_what_is_at_hand() {
    let (title, project) = (Some(String::from("A")), ProjectId::from(4));
    let (tags, owned) = (vec![TagId::from(3)], String::from("x"));
    let _ = CreateDeal::new()
        .title("A")
        .amount(120)
        .amount(1.5)
        .amount(120_u32)
        .amount(1.5_f32)
        .amount(Some(1.5))
        .amount(None);
    let _ = UpdateTask::new().title("A").title(&owned).title(owned.clone()).title(title).title(None);
    let _ = UpdateTask::new().priority(None).priority(TaskPriority::High).priority(Some(TaskPriority::Low));
    let _ = ListDeals::new().tags(&tags).tags(tags.clone()).tags([1, 2]);
    let _ = CreateContact::new("A").emails(vec![String::from("a@example.com")]).emails(["a@example.com"]);
    let _ = ListTasks::new()
        .project_id(4)
        .project_id(4_u32)
        .project_id(project)
        .project_id(&project)
        .limit(50)
        .limit(50_u32);
    let _ = ListTasks::new().completed(true).search("x").search(&owned).tags(&tags).user_id(&owned).user_id("u");
    let values: CustomFieldValues = [("f", "text"), ("g", "other")].into_iter().collect();
    let _ = UpdateTask::new().custom_fields(values);
}

#[test]
fn custom_fields_and_people_have_names() {
    let mut task = Task::example();
    let field = task.custom_field("Source").unwrap();
    let mut with_unknown = field.clone();
    let known = field.value.as_ref().unwrap().option_ids()[0].clone();
    with_unknown.value = Some(CustomFieldValue::MultiSelect(vec!["gone".into(), known]));
    assert_eq!((with_unknown.text().as_str(), with_unknown.option_names().count()), ("gone, Referral", 1));
    assert_eq!((field.text(), field.option_names().collect::<Vec<_>>()), ("Referral".to_owned(), vec!["Referral"]));
    assert!(task.custom_field("source").is_none());
    let value = field.value.clone().unwrap();
    assert_eq!((value.option_ids().len(), value.to_string()), (1, value.option_ids()[0].to_string()));
    for (value, text) in [
        (CustomFieldValue::from("a"), "a"),
        (true.into(), "true"),
        (12.into(), "12"),
        (1.5.into(), "1.5"),
        (vec![UserId::from("u"), UserId::from("v")].into(), "u, v"),
    ] {
        task.custom_fields[0].value = Some(value);
        assert_eq!(task.custom_field("Source").unwrap().text(), text);
    }
    let value = CustomFieldValue::from(1.5);
    assert_eq!((value.as_f64(), value.as_str(), value.as_bool(), value.as_timestamp()), (Some(1.5), None, None, None));
    task.custom_fields[0].value = None;
    assert_eq!(task.custom_field("Source").unwrap().text(), "");

    let mut member = WorkspaceMember::example();
    assert_eq!(member.display_name(), "Nora Lind");
    (member.first_name, member.last_name) = (Some(String::new()), None);
    assert_eq!(member.display_name(), "nora@example.com");
    assert_eq!(
        (UserProfile::example().display_name(), Contact::example().display_name()),
        ("Nora Lind".into(), "Jane Sample".into())
    );
}

#[tokio::test]
async fn calls_and_lists_are_ordinary_futures_and_streams() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let api = MockApi::new();
    let weeek: Client = api.client();
    api.on("tasks.list").reply(Reply::items([Task::example(), Task::example()]));
    let (task, tags) = tokio::try_join!(weeek.tasks().get(17), weeek.tags().list())?;
    weeek.tasks().add_assignees(task.id, [&task.assignees[0]]).await?;
    let page: Page<Task> = weeek.tasks().list(ListTasks::new()).await?;
    assert_eq!((page.len(), page.is_empty(), page.iter().count(), tags.len()), (2, false, 2, 1));
    let mut count = 0;
    for task in &page {
        count += usize::from(task.id == 1501);
    }
    for task in page {
        count += usize::from(task.id == 1501);
    }
    let client = weeek.clone();
    let all =
        tokio::spawn(async move { client.tasks().list_all(ListTasks::new()).take(1).try_collect::<Vec<_>>().await });
    assert_eq!((count, all.await??.len()), (4, 1));
    let mut tasks = weeek.tasks().list_all(ListTasks::new());
    assert!(tasks.next().await.transpose()?.is_some());
    let error: Error = Client::new("").unwrap_err();
    assert_eq!(error.clone().to_string(), error.to_string());
    let _ = Client::builder("t").connect_timeout(std::time::Duration::from_secs(1)).build()?;
    Ok(())
}
