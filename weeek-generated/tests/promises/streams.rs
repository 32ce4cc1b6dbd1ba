//! Lists are read without another crate, and with the traits of `futures_util` in scope.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use weeek_generated::models::*;
use weeek_generated::testing::{MockApi, Reply};

use super::mock_json;

mod without_traits {
    use weeek_generated::models::{ListTasks, Task};
    use weeek_generated::{Client, Items, Result};

    fn tasks(weeek: &Client) -> Items<Task> {
        weeek.tasks().list_all(ListTasks::new())
    }

    pub(super) async fn read(weeek: &Client) -> Result<Vec<i64>> {
        let mut items = tasks(weeek).take(3);
        let first = items.next().await.unwrap()?;
        let second = items.try_next().await?.unwrap();
        let rest: Vec<Task> = items.try_collect().await?;
        let mut pages = tasks(weeek).into_pages();
        let page = pages.try_next().await?.unwrap();
        assert!(pages.next().await.is_none());
        assert_eq!(tasks(weeek).into_pages().try_collect::<Vec<_>>().await?.len(), 1);
        let all = [first, second].into_iter().chain(rest).chain(page.items);
        Ok(all.map(|task| task.id.as_i64()).collect())
    }
}

mod with_traits {
    use futures_util::{StreamExt, TryStreamExt};
    use weeek_generated::models::{ListTasks, Task};
    use weeek_generated::{Client, Result};

    pub(super) async fn read(weeek: &Client) -> Result<Vec<i64>> {
        let mut items = weeek.tasks().list_all(ListTasks::new());
        let first = items.next().await.unwrap()?;
        let second = items.try_next().await?.unwrap();
        let rest: Vec<Task> = items.take(1).try_collect().await?;
        let mapped = weeek.tasks().list_all(ListTasks::new()).map_ok(|task| task.id.as_i64());
        let again: Vec<i64> = mapped.take(4).map(Result::unwrap).collect().await;
        Ok([first, second].into_iter().chain(rest).map(|task| task.id.as_i64()).chain(again).collect())
    }
}

#[tokio::test]
async fn lists_are_read_with_and_without_the_traits_of_another_crate() {
    let tasks = serde_json::json!([{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]);
    let (_, weeek) = mock_json(serde_json::json!({"tasks": tasks, "hasMore": false}));
    assert_eq!(without_traits::read(&weeek).await.unwrap(), [1, 2, 3, 1, 2, 3, 4]);
    assert_eq!(with_traits::read(&weeek).await.unwrap(), [1, 2, 3, 1, 2, 3, 4]);
}

fn many_tasks() -> MockApi {
    let api = MockApi::new();
    api.on("tasks.list").reply(Reply::items((1..=60).map(|id| {
        let mut task = Task::example();
        task.id = TaskId::from(id);
        task
    })));
    api
}

async fn wait_for_requests(api: &MockApi, count: usize) {
    let wait = async {
        while api.requests().len() < count {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), wait).await.unwrap();
}

#[tokio::test]
async fn a_page_is_fetched_ahead_only_where_it_is_wanted() {
    let (api, query) = (many_tasks(), ListTasks::new().limit(20));
    let weeek = api.client();
    let all = || weeek.tasks().list_all(&query);

    let mut items = all().prefetch();
    let mut ids = vec![items.try_next().await.unwrap().unwrap().id.as_i64()];
    wait_for_requests(&api, 2).await;
    ids.extend(items.try_collect::<Vec<_>>().await.unwrap().iter().map(|task| task.id.as_i64()));
    assert!(ids.into_iter().eq(1..=60));
    let requests = api.requests().len();

    let mut pages = all().into_pages().prefetch();
    assert_eq!(pages.try_next().await.unwrap().unwrap().items[0].id, 1);
    wait_for_requests(&api, requests + 2).await;
    drop(pages);

    // Without it, and for items that are not wanted, nothing is fetched ahead.
    let requests = api.requests().len();
    assert!(all().next().await.is_some());
    assert_eq!(all().take(20).prefetch().try_collect::<Vec<_>>().await.unwrap().len(), 20);
    sleep(Duration::from_millis(50)).await;
    assert_eq!(api.requests().len(), requests + 2);
}

#[tokio::test]
async fn an_error_of_a_page_that_is_fetched_ahead_comes_in_its_turn() {
    let api = many_tasks();
    api.on_request(|request| request.query_param("offset").as_deref() == Some("20")).reply(Reply::error(403));
    let mut items = api.client().tasks().list_all(ListTasks::new().limit(20)).prefetch();
    for id in 1..=20 {
        assert_eq!(items.try_next().await.unwrap().unwrap().id, id);
    }
    assert!(items.next().await.unwrap().unwrap_err().is_forbidden());
    assert!(items.next().await.is_none());
}
