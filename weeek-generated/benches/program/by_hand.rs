use serde::Deserialize;

#[derive(Deserialize)]
struct Tags {
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    id: i64,
    title: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("WEEEK_TOKEN")?;
    let call = reqwest::Client::new().get("https://api.weeek.net/public/v1/ws/tags").bearer_auth(token);
    let response = call.send().await?.error_for_status()?.bytes().await?;
    for tag in serde_json::from_slice::<Tags>(&response)?.tags {
        println!("{} {}", tag.id, tag.title);
    }
    Ok(())
}
