//! A program that uses every public thing of the base client, in every way that its types promise.

use client::models::*;
use client::{Call, Client, Items, Nullable, Page, Upload, civil, endpoints};

fn calls(client: &Client, id: OrderId, text: &String) {
    let handle: endpoints::OrdersApi<'_> = client.orders();
    let filters = ListOrders::new().limit(1).offset(2_i64).since(civil::Date).tags(["a"]).tags(vec![text.clone()]);
    let page: Call<Page<Order>> = handle.list("shop", &filters);
    let mut items: Items<Order> = client.orders().list_all(ShopId::from("shop"), ListOrders::default());
    order(items.item());
    page.response().items.into_iter().for_each(order);
    order(client.orders().get(1).response());
    order(client.orders().get(&id).response());
    let body = CreateOrder::new(text)
        .count(1)
        .count(2_u8)
        .note(None)
        .note("note")
        .parent(&id)
        .parent(3_u32)
        .due(civil::Date)
        .tags(["a", "b"])
        .address(OrderAddress::new("street").city(text))
        .prices(OrderPrices::new().set("shop", 1.5).clear("other"))
        .when(OrderTime::Days { start: civil::Date, end: civil::Date })
        .when(OrderTime::Instant { instant: client::Timestamp });
    let _: CreateOrder = CreateOrder::new("title");
    order(client.orders().create(&body).response());
    order(client.orders().update(id, UpdateOrder::new().subject(None).subject("s").amount(1)).response());
    let _: Call<()> = client.orders().delete(id);
    client.orders().link(id, ShopId::from("shop"), None).response();
    client.orders().link(1, "shop", "note").response();
    client.orders().move_to(id, MoveOrder::After(id)).response();
    client.orders().move_to(id, &MoveOrder::Before(2.into())).response();
    let pictures: Vec<Picture> = client.pictures().upload([Upload]).response();
    let _: endpoints::PicturesApi<'_> = client.pictures();
    pictures.into_iter().for_each(|Picture { id, .. }| drop::<String>(id));
}

fn order(order: Order) {
    let Order { id, title, count, done, tags, status, priority, due, address, payment, detail, .. } = order;
    let (_, _, _, _): (OrderId, String, i64, bool) = (id, title, count, done);
    let (_, _): (Vec<String>, Option<civil::Date>) = (tags, due);
    let _: Option<i64> = Some(id.as_i64());
    match status {
        Some(OrderStatus::Open | OrderStatus::Paid) | None => {}
        Some(OrderStatus::Unknown(text)) => drop::<String>(text),
        Some(other) => drop(other.as_str().to_owned()),
    }
    match priority {
        Some(OrderPriority::Low | OrderPriority::High) | None => {}
        Some(OrderPriority::Unknown(number)) => drop::<i64>(number),
        Some(other) => drop(other.as_i64()),
    }
    if let Some(OrderAddress { street, city, .. }) = address {
        drop::<(String, Option<String>)>((street, city));
    }
    match payment {
        Some(OrderPayment::Card(OrderCardPayment { last4, .. })) => drop::<Option<String>>(last4),
        Some(OrderPayment::Cash(OrderCashPayment { change, .. })) => drop::<Option<f64>>(change),
        Some(OrderPayment::Unknown(json)) => drop::<client::Value>(json),
        Some(_) | None => {}
    }
    let Some(OrderDetail { id, kind, value, .. }) = detail else { return };
    drop::<(i64, Option<String>)>((id, kind));
    match value {
        Some(OrderDetailValue::Text(text)) => drop::<String>(text),
        Some(OrderDetailValue::Number(number)) => drop::<f64>(number),
        Some(OrderDetailValue::Unknown(json)) => drop::<client::Value>(json),
        Some(_) | None => {}
    }
}

fn choices(position: MoveOrder, time: OrderTime) {
    match position {
        MoveOrder::After(id) | MoveOrder::Before(id) => drop::<OrderId>(id),
        _ => {}
    }
    match time {
        OrderTime::Days { start, end } => drop::<(civil::Date, civil::Date)>((start, end)),
        OrderTime::Instant { instant } => drop::<client::Timestamp>(instant),
        _ => {}
    }
}

/// What every type can do.
fn abilities() {
    fn all<T: Clone + std::fmt::Debug + PartialEq>() {}
    fn written<T: client::Serialize>() {}
    fn read<T: for<'de> client::Deserialize<'de>>() {}
    fn empty<T: Default>() {}
    fn copied<T: Copy + Eq + std::hash::Hash>() {}
    (all::<Order>(), all::<CreateOrder>(), all::<MoveOrder>(), all::<OrderTime>(), all::<OrderPrices>());
    (all::<OrderPayment>(), all::<OrderDetail>(), all::<OrderDetailValue>(), all::<ListOrders>(), all::<Picture>());
    (written::<CreateOrder>(), written::<MoveOrder>(), written::<OrderTime>(), written::<OrderPrices>());
    (written::<OrderAddress>(), read::<OrderAddress>(), read::<Order>(), read::<OrderPayment>(), read::<Picture>());
    (read::<OrderDetail>(), read::<OrderCardPayment>(), read::<OrderCashPayment>());
    (empty::<ListOrders>(), empty::<OrderPrices>(), empty::<UpdateOrder>());
    (copied::<OrderId>(), copied::<OrderPriority>());
    let _: Nullable<OrderId> = 1.into();
}
