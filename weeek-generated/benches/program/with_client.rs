#[tokio::main(flavor = "current_thread")]
async fn main() -> weeek_generated::Result<()> {
    let weeek = weeek_generated::Client::from_env()?;
    for tag in weeek.tags().list().await? {
        println!("{} {}", tag.id, tag.title);
    }
    Ok(())
}
