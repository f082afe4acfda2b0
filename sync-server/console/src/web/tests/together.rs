//! What the clinic writes into what a patient shared: lines of the safety plan, and that medicines were
//! reviewed.

use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{ItemId, MedicationList, MedicationReview, SafetyPlan, Visibility};
use companion_core::records::DeliveryState;

use super::*;
use crate::view::shelf::Shelf;

impl Console {
    fn plan(&self) -> View<SafetyPlan> {
        let stage = &self.stage;
        let mut plan = SafetyPlan {
            visibility: Visibility::CareTeam,
            ..SafetyPlan::new(stage.phone.now())
        };
        plan.lines_mut(PlanStep::Coping)
            .push(ItemId::new([1; 16]), PlanLine::new("The lake."));
        let plan = stage.phone.create(plan).unwrap();
        stage.sync();
        plan
    }

    /// The lines of a step as the patient's phone has them.
    fn on_the_phone(&self, plan: DocumentId, step: PlanStep) -> Vec<String> {
        self.stage.sync();
        let plan = self.stage.phone.get::<SafetyPlan>(plan).unwrap().content;
        let lines = plan.lines(step).iter();
        lines
            .map(|(_, line)| format!("{}|{}", line.text, line.number))
            .collect()
    }
}

#[tokio::test]
async fn a_safety_plan_is_written_together_and_the_phone_shows_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let plan = console.plan();
    let page = Shelf::SafetyPlans.address(console.stage.patient, plan.id);
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("The lake.") && shown.contains("1. How I notice"));
    let add = format!("{page}/lines");
    let form = console
        .get(&format!("{add}?step=people_to_ask"), &cookie)
        .await
        .body;
    assert!(form.contains("<option value=\"people_to_ask\" selected>"));
    let sent = format!(
        "step=people_to_ask&text=My+sister&number=%2B1+307+555+0107&once={}",
        once(&form)
    );
    for _ in 0..2 {
        let answer = console.post(&add, &cookie, &sent).await;
        assert!(
            answer.leads_to(&format!("{page}?done=plan-changed")),
            "{}",
            answer.body
        );
    }
    assert_eq!(
        console.on_the_phone(plan.id, PlanStep::PeopleToAsk),
        ["My sister|+1 307 555 0107"],
        "sent twice, added once"
    );
    let known = console.stage.phone.get::<SafetyPlan>(plan.id).unwrap();
    assert!(
        matches!(
            known.delivery,
            DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
        ),
        "what the clinic wrote into it hides nothing of what it received"
    );
    let item = ItemId::new([1; 16]);
    let line = format!("{add}/{item}");
    let form = console.get(&line, &cookie).await.body;
    let (_, revision) = form.split_once("name=\"revision\" value=\"").unwrap();
    let revision = revision.split('"').next().unwrap();
    let sent = format!("text=The+river.&number=&revision={revision}");
    assert!(
        console
            .post(&line, &cookie, &sent)
            .await
            .status
            .is_redirection()
    );
    assert_eq!(
        console.on_the_phone(plan.id, PlanStep::Coping),
        ["The river.|"]
    );
    let removed = console
        .press(&line, &format!("{line}/remove"), &cookie)
        .await;
    assert!(removed.status.is_redirection());
    assert!(console.on_the_phone(plan.id, PlanStep::Coping).is_empty());
    assert_eq!(console.audited("changed safety plan").len(), 3);
    // Somebody else still has the form of that line before them.
    let answer = console.post(&line, &cookie, &sent).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Somebody removed this line meanwhile")
            && answer.body.contains("The river.")
    );
}

#[tokio::test]
async fn a_line_that_says_nothing_or_names_no_step_is_refused_beside_its_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let plan = console.plan();
    let add = format!(
        "{}/lines",
        Shelf::SafetyPlans.address(console.stage.patient, plan.id)
    );
    for (form, field) in [
        ("step=coping&text=+&number=", "text-error"),
        ("step=dosing&text=Kept+as+typed&number=", "step-error"),
        ("text=Kept+as+typed", "step-error"),
    ] {
        let answer = console.post(&add, &cookie, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(
            answer.body.contains(&format!("id=\"{field}\"")),
            "{}",
            answer.body
        );
    }
    let kept = console.get(&add, &cookie).await.body;
    assert!(kept.contains("Kept as typed"), "it is a draft");
    assert_eq!(console.on_the_phone(plan.id, PlanStep::Coping).len(), 1);
}

#[tokio::test]
async fn nobody_writes_into_a_plan_that_was_taken_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let plan = console.plan();
    console.stage.phone.withdraw::<SafetyPlan>(plan.id).unwrap();
    console.stage.sync();
    let page = Shelf::SafetyPlans.address(console.stage.patient, plan.id);
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("Safety plan withdrawn") && !shown.contains("The lake."));
    let add = format!("{page}/lines");
    let answer = console.get(&add, &cookie).await;
    assert!(!answer.status.is_success());
    let answer = console
        .post(&add, &cookie, "step=coping&text=More&number=")
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("took this plan back while you wrote"));
    assert!(answer.body.contains("More"));
}

#[tokio::test]
async fn that_medicines_were_reviewed_is_told_to_the_patient_and_asked_again_after_a_change() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let mut list = MedicationList::new(stage.phone.now());
    let one = |name: &str| Medication {
        name: name.to_owned(),
        what_for: String::new(),
        sort: MedicationSort::Supplement,
        stopped_at: None,
    };
    list.items.push(ItemId::new([1; 16]), one("Valerian"));
    let list = stage.phone.create(list).unwrap();
    stage.sync();
    let page = Shelf::Medicines.address(stage.patient, list.id);
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("Valerian") && shown.contains("Nobody of the clinic has reviewed it."));
    assert!(!shown.contains("Mark reviewed"), "one button for one list");
    let sent = format!("revision={}&once={}", list.revision, once(&shown));
    let to = format!("{page}/medicines-reviewed");
    for _ in 0..2 {
        let answer = console.post(&to, &cookie, &sent).await;
        assert!(
            answer.leads_to(&format!("{page}?done=medicines-reviewed")),
            "{}",
            answer.body
        );
    }
    stage.sync();
    let query = Query::<MedicationReview>::about(list.id);
    let reviews = stage.phone.page(&query).unwrap().items;
    assert_eq!(reviews.len(), 1, "pressed twice, said once");
    assert_eq!(reviews[0].content.by, "Mira");
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("Reviewed by <bdi>Mira</bdi>"));

    let edited = stage
        .phone
        .edit::<MedicationList>(list.id, &list.revision, |list| {
            list.items.push(ItemId::new([2; 16]), one("Magnesium"));
        });
    edited.unwrap();
    stage.sync();
    let answer = console
        .post(&to, &cookie, &format!("revision={}", list.revision))
        .await;
    assert!(answer.body.contains("changed meanwhile") && answer.body.contains(&page));
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("Changed since <bdi>Mira</bdi> reviewed it"));
    assert_eq!(console.audited("reviewed medicines").len(), 1);
}
