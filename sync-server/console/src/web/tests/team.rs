//! The care team, and a programme after the one that ended.

use companion_core::domain::Phase;

use super::*;

fn names(console: &Console) -> Vec<(String, String)> {
    let programme = console.stage.clinic.programme(console.stage.patient);
    let team = programme.unwrap().unwrap().content.team;
    let team = team.iter();
    team.map(|(_, one)| (one.name.clone(), one.role.as_str().to_owned()))
        .collect()
}

#[tokio::test]
async fn people_join_the_care_team_and_leave_it_and_somebody_always_leads() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let (team, done) = (format!("{patient}/team"), format!("{patient}?done=team"));
    let before = names(&console);
    for wrong in [
        "team_name=+&team_role=therapist",
        "team_name=Sam&team_role=owner",
    ] {
        let answer = console.post(&team, &cookie, wrong).await;
        assert!(answer.status.is_client_error(), "{wrong}");
        assert_eq!(names(&console), before);
    }
    let again = console.post(&team, &cookie, "team_name=+&team_role=medical_provider");
    let again = again.await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.body.contains("id=\"team_name-error\""),
        "{}",
        again.body
    );
    let vega = "team_name=Dr.+%3CVega%3E&team_role=medical_provider";
    assert!(console.post(&team, &cookie, vega).await.leads_to(&done));
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("Dr. &lt;Vega&gt;"), "{page}");
    let programme = console.stage.clinic.programme(console.stage.patient);
    let all = programme.unwrap().unwrap().content.team;
    let (lead, _) = all.iter().next().unwrap();
    let refused = console
        .press(&patient, &format!("{team}/{lead}/remove"), &cookie)
        .await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    let sam = "team_name=Sam&team_role=therapist";
    assert!(console.post(&team, &cookie, sam).await.leads_to(&done));
    let removed = console
        .press(&patient, &format!("{team}/{lead}/remove"), &cookie)
        .await;
    assert!(removed.leads_to(&done), "{}", removed.body);
    let pair = |name: &str, role: &str| (name.to_owned(), role.to_owned());
    assert_eq!(
        names(&console),
        [
            pair("Dr. <Vega>", "medical_provider"),
            pair("Sam", "therapist")
        ]
    );
    assert_eq!(console.audited("changed care team").len(), 3);
    // Two pages that add the same person add them once.
    let twice = console
        .post(&team, &cookie, "team_name=+Sam&team_role=therapist")
        .await;
    assert!(twice.status.is_redirection(), "{}", twice.body);
    assert_eq!(names(&console).len(), 2);
    console.stage.sync();
    let plan = console.stage.phone.plan().unwrap();
    assert_eq!(plan.shown().unwrap().team[1].name, "Sam");
}

#[tokio::test]
async fn an_end_says_why_and_another_programme_may_begin_after_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let patient = console.patient();
    let closed = console
        .post(
            &format!("{patient}/phase"),
            &cookie,
            &console.to_phase(console.stage.patient, "closed"),
        )
        .await;
    assert!(closed.status.is_client_error(), "{}", closed.body);
    assert!(
        closed.body.contains("The reason is empty."),
        "{}",
        closed.body
    );
    let end = "end_reason=As+agreed.&closing_summary=";
    console
        .fill(&patient, &format!("{patient}/end"), &cookie, end)
        .await;
    let ada = |console: &Console| console.stage.clinic.patient(console.stage.patient).unwrap();
    assert_eq!(ada(&console).phase, Phase::Closed);
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("Begin another programme"), "{page}");
    console.stage.clock.advance_ms(1_000);
    let begun = console
        .post(&format!("{patient}/programme"), &cookie, "therapist=Sam")
        .await;
    assert!(begun.leads_to(&format!("{patient}?done=programme")));
    assert_eq!(ada(&console).phase, Phase::Assessment);
    assert_eq!(names(&console)[0].0, "Sam");
}
