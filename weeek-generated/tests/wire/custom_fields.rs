use serde_json::json;
use weeek_generated::models::*;

use crate::ids::*;
use crate::wire::Wire;

pub(crate) const TAGS: &[&str] = &["customFields"];

pub(crate) fn budget() -> CustomFieldCurrencyConfig {
    CustomFieldCurrencyConfig::new(CustomFieldCurrencyFormat::Currency, 2, 1)
}

pub(crate) fn referral() -> CreateCustomFieldOption {
    CreateCustomFieldOption::new("Referral", CustomFieldOptionColor::LightBlue)
}

pub(crate) fn renamed() -> UpdateCustomFieldOption {
    UpdateCustomFieldOption::new("Referral", CustomFieldOptionColor::LightBlue)
}

/// Makes the calls for custom fields of one project, board or funnel. Returns the path of a field.
macro_rules! nested {
    ($wire:ident, $api:expr, $id:expr, $base:expr) => {{
        use crate::custom_fields::{budget, referral, renamed};

        let (api, fields) = ($api, format!("{}/custom-fields", $base));
        let (field, source) = (format!("{fields}/{BUDGET}"), format!("{fields}/{SOURCE}"));
        let options = format!("{source}/options");
        let option = format!("{options}/{REFERRAL}");
        let create = CreateCustomField::new(CustomFieldKind::Number).name("Budget").config(budget());
        $wire.check(api.create_custom_field($id, create), &format!("POST {fields}")).await;
        let update = UpdateCustomField::new().name("Budget").config(budget());
        $wire.check(api.update_custom_field($id, BUDGET, update), &format!("PUT {field}")).await;
        $wire.check(api.delete_custom_field($id, BUDGET), &format!("DELETE {field}")).await;
        $wire.check(api.create_custom_field_option($id, SOURCE, referral()), &format!("POST {options}")).await;
        let call = api.update_custom_field_option($id, SOURCE, REFERRAL, renamed());
        $wire.check(call, &format!("PUT {option}")).await;
        let call = api.delete_custom_field_option($id, SOURCE, REFERRAL);
        $wire.check(call, &format!("DELETE {option}")).await;
        let call =
            api.move_custom_field_option($id, SOURCE, REFERRAL, CustomFieldOptionPosition::After(OTHER_OPTION.into()));
        $wire.check(call, &format!("POST {option}/move")).await;
        field
    }};
}
pub(crate) use nested;

#[tokio::test]
async fn custom_field_calls_match_the_spec() {
    let (mut wire, weeek) = Wire::start(TAGS).await;
    let (api, field) = (weeek.custom_fields(), format!("/tm/custom-fields/{BUDGET}"));
    let fields = wire.check(api.list(), "GET /tm/custom-fields").await;
    assert_eq!((fields[0].config.clone(), fields[1].options.len()), (Some(budget().into()), 1));

    let create = CreateCustomField::new(CustomFieldKind::Number).name("Budget").config(budget());
    wire.check(api.create(create), "POST /tm/custom-fields").await;
    let create = CreateCustomField::new(CustomFieldKind::Boolean)
        .config(CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::Radio));
    let body = json!({"type": "boolean", "config": {"type": "radio"}});
    wire.check_body(api.create(create), "POST /tm/custom-fields", body).await;
    let update = UpdateCustomField::new().name("Budget").config(budget());
    wire.check(api.update(BUDGET, update), &format!("PUT {field}")).await;
    let nameless = UpdateCustomField::new().name(None);
    wire.check_body(api.update(BUDGET, nameless), &format!("PUT {field}"), json!({"name": null})).await;
    wire.check(api.delete(BUDGET), &format!("DELETE {field}")).await;
    wire.check(api.transfer_to_project(BUDGET, PROJECT), &format!("POST {field}/transfer-to-project")).await;
    wire.check(api.transfer_to_board(BUDGET, BOARD), &format!("POST {field}/transfer-to-board")).await;

    let options = format!("/tm/custom-fields/{SOURCE}/options");
    let option = format!("{options}/{REFERRAL}");
    wire.check(api.create_option(SOURCE, referral()), &format!("POST {options}")).await;
    let updated = wire.check(api.update_option(SOURCE, REFERRAL, renamed()), &format!("PUT {option}")).await;
    assert_eq!(updated.color, "light_blue");
    wire.check(api.delete_option(SOURCE, REFERRAL), &format!("DELETE {option}")).await;
    let move_option = |position| api.move_option(SOURCE, REFERRAL, position);
    let after = CustomFieldOptionPosition::After(OTHER_OPTION.into());
    wire.check(move_option(after), &format!("POST {option}/move")).await;
    let before = CustomFieldOptionPosition::Before(OTHER_OPTION.into());
    wire.check_body(move_option(before), &format!("POST {option}/move"), json!({"before": OTHER_OPTION})).await;

    // Old documentation has other styles of boolean fields.
    for style in ["checkbox", "checbox", "switch"] {
        let response = json!({"success": true, "data": [{"id": BUDGET, "type": "boolean", "config": {"type": style}}]});
        let config = wire.decode(api.list(), response).await.remove(0).config;
        let expected = CustomFieldBooleanConfig::new(CustomFieldBooleanStyle::from(style));
        assert_eq!(config, Some(CustomFieldConfig::Boolean(expected)), "{style}");
    }
    wire.finish();
}
