//! Lists are read without another crate, and with the traits of `futures_util` in scope.

use super::serve_json;

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
    let (_server, weeek) = serve_json(serde_json::json!({"tasks": tasks, "hasMore": false})).await;
    assert_eq!(without_traits::read(&weeek).await.unwrap(), [1, 2, 3, 1, 2, 3, 4]);
    assert_eq!(with_traits::read(&weeek).await.unwrap(), [1, 2, 3, 1, 2, 3, 4]);
}
