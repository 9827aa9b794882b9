//! The API's description is made from the catalogue: a golden shows what changed.

#[test]
fn the_description_is_as_kept() {
    let text = serde_json::to_string_pretty(&shell_web::api::openapi::document()).unwrap();
    testkit::golden::check("docs/openapi.json", &format!("{text}\n"));
}
