use super::*;

/// A console whose server was put back from a backup, and Ada's lost tablet went on from there before anybody
/// who knows better was back.
fn forked() -> Console {
    let stage = Rehearsal::new();
    let river = stage.write("", "Before the tablet was lost.");
    let tablet = stage.second_phone();
    tablet.rename_phone("Ada’s tablet").unwrap();
    tablet.sync().unwrap();
    stage.sync();
    let backup = stage.relay.copy();
    let lost = tablet.status().unwrap().member;
    stage.phone.remove_device(lost).unwrap();
    stage.sync();
    stage.relay.put_back(backup);
    tablet.invite_phone().unwrap();
    assert!(!stage.clinic.sync().unwrap().problems.is_empty());
    Console::over(Channel::Tls, stage, river)
}

#[tokio::test]
async fn two_histories_are_said_until_they_are_healed_with_the_command_that_heals_them() {
    let console = forked();
    let cookie = console.signed_in().await;
    let (clinic, relay) = (&console.stage.clinic, &console.stage.relay);
    let page = console.get(&console.patient(), &cookie).await.body;
    let place = format!("{}/two-histories", console.patient());
    assert!(page.contains(&format!("href=\"{place}\"")), "{page}");
    // Whoever dismisses the warning has not healed anything.
    for warning in clinic.warnings().unwrap() {
        clinic.dismiss_warning(warning.id).unwrap();
    }
    let page = console.get(&place, &cookie).await.body;
    let (_, command) = page.split_once("<code>sync-server rewind ").unwrap();
    let (command, _) = command.split_once("</code>").unwrap();
    let [space, "--to", statements, "--data", "DIR"] = command.split(' ').collect::<Vec<_>>()[..]
    else {
        panic!("{command}")
    };
    assert!(page.contains("Ada’s tablet"), "{page}");
    relay.rewind(space.parse().unwrap(), statements.parse().unwrap());
    for _ in 0..2 {
        console.stage.sync();
    }
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("There is no second history of"), "{page}");
    assert!(!page.contains("rewind"));
}

#[tokio::test]
async fn where_there_is_one_history_the_page_about_two_says_so() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = format!("{}/two-histories", console.patient());
    let page = console.get(&place, &cookie).await;
    assert!(page.status.is_success());
    assert!(page.body.contains("There is no second history of"));
}
