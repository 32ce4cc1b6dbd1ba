//! Calls every operation with the values of its example.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

use weeek_generated::{Call, operations};

use crate::support::{self, CallVisitor};
use crate::wire::Wire;

struct Success<'w>(&'w Wire);

impl<'w> CallVisitor for Success<'w> {
    type Outcome = Pin<Box<dyn Future<Output = &'static str> + 'w>>;

    fn visit<T: Debug + Send + 'static>(self, call: Call<T>) -> Self::Outcome {
        Box::pin(async move {
            let operation = call.operation().id();
            self.0.check(call).await;
            operation
        })
    }
}

#[tokio::test]
async fn every_operation_sends_its_example_and_decodes_its_response() {
    let wire = Wire::start().await;
    for operation in operations() {
        let checked = support::visit(&wire.client, operation.id(), Success(&wire));
        let checked = checked.unwrap_or_else(|| panic!("{} has no generated call", operation.id()));
        assert_eq!(checked.await, operation.id());
    }
}

#[tokio::test]
async fn every_declared_error_response_is_the_error_that_it_describes() {
    let wire = Wire::start().await;
    for operation in operations() {
        let failures = wire.spec.responses(wire.declared(operation)).into_iter().filter(|(status, _)| *status >= 300);
        for (status, declared) in failures {
            let place = format!("{} {status}", operation.id());
            let (_, example) = declared.as_ref().unwrap_or_else(|| panic!("{place} has no example"));
            wire.set_response(&place, status, declared.as_ref());
            let error = support::call(&wire.client, operation.id()).unwrap().await.unwrap_err();
            wire.request(&place);
            assert!(error.is_api_error() && error.operation() == Some(operation), "{place}: {error}");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{place}");
            assert_eq!(
                (error.message(), error.code()),
                (example["message"].as_str(), example["code"].as_i64()),
                "{place}"
            );
            let fields = example["errors"].as_object().into_iter().flatten().map(|(field, _)| field);
            assert!(error.field_errors().keys().eq(fields), "{place}: {error:?}");
            let kinds = [error.is_unauthorized(), error.is_forbidden(), error.is_not_found(), error.is_validation()];
            let is_unknown = status == 404 || example["code"] == 1_000_001;
            assert_eq!(kinds, [status == 401, status == 403, is_unknown, status == 422], "{place}");
        }
    }
}
