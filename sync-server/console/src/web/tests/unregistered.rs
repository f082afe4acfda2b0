//! A clinic whose key nobody registered at the sync server is told whom to ask for what.

use super::*;

#[tokio::test]
async fn an_unregistered_clinic_is_told_the_command_that_registers_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    console.stage.relay.forget_the_clinic();
    let command = format!(
        "sync-server clinic add {}",
        console.stage.clinic.public_key()
    );

    let form = "name=Noor&initials=N&pronouns=&therapist=Mira";
    let answer = console.post("/invite", &cookie, form).await;
    let place = answer.header("location").to_owned();
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("The patient is registered."), "{place}");
    assert!(page.contains(&command) && !page.contains("did not take part"));

    let patient = place.split("/invitation").next().unwrap();
    let page = console
        .press(&place, &format!("{patient}/reinvite"), &cookie)
        .await;
    assert_eq!(page.status, 409, "{}", page.body);
    assert!(page.body.contains(&command), "{}", page.body);
}
