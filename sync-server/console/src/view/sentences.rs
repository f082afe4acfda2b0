//! What pages say of how far something got and what was done about it: each sentence with the states in
//! which it is true. In every other state it must not stand.

use companion_core::clinic::{CaseRow, InviteState, Shared};
use companion_core::domain::{ReadReceipt, Revision, TalkedAbout, Visibility};
use companion_core::records::{Apart, DeliveryState};
use maud::Markup;

use super::caseload::{self, Question};
use super::form::Field;
use super::frame::{Exchange, Frame};
use super::shared::{self, Shown};
use super::shelf::Thing;
use super::{examples, invitation, message};

/// A state by name, the page in it, and the sentences that stand there.
type State = (&'static str, Markup, &'static [&'static str]);

/// In each state exactly its own sentences of all that any state has.
fn hold(states: &[State], others: &[&str]) {
    let mut all: Vec<&str> = others.to_vec();
    all.extend(states.iter().flat_map(|(_, _, said)| said.iter().copied()));
    for (state, page, said) in states {
        for sentence in &all {
            assert_eq!(
                page.0.contains(sentence),
                said.contains(sentence),
                "{state}: {sentence}\n{}",
                page.0
            );
        }
    }
}

fn page(of: impl FnOnce(&mut Shown), reply: &Field) -> Markup {
    let mut shown = examples::shown();
    shown.replies.clear();
    shown.receipts.clear();
    shown.shared.is_to_talk_about = false;
    if let Thing::Entry(entry) = &mut shown.shared.view.content {
        entry.visibility = Visibility::CareTeam;
    }
    of(&mut shown);
    shared::page(&examples::frame(), &examples::entry(shown), reply)
}

fn receipt(shared: &Shared<Thing>, revision: Revision) -> ReadReceipt {
    ReadReceipt {
        words: String::new(),
        about: shared.view.id,
        revision,
        by: "Mira".to_owned(),
        at: examples::now(),
    }
}

#[test]
fn what_a_page_says_was_done_about_something_was_done_about_these_words() {
    let nothing = Field::default();
    let state = |of: fn(&mut Shown)| page(of, &nothing);
    hold(
        &[
            ("nobody did anything", state(|_| {}), &["Mark reviewed"]),
            (
                "nobody saw these words",
                state(|shown| shown.shared.is_new = true),
                &["Mark reviewed", "</span>New</span>"],
            ),
            (
                "opened",
                state(|shown| {
                    let revision = shown.shared.view.revision.clone();
                    shown.receipts = vec![receipt(&shown.shared, revision)];
                }),
                &[
                    "Mark reviewed",
                    "Opened by <bdi>Mira</bdi>",
                    "phone says so once it has synced",
                ],
            ),
            (
                "opened before it was changed",
                state(|shown| shown.receipts = vec![receipt(&shown.shared, Revision::default())]),
                &[
                    "Mark reviewed",
                    "An earlier version was opened by <bdi>Mira</bdi>",
                ],
            ),
            (
                "reviewed",
                state(|shown| {
                    shown.shared.review = Some(examples::review_by_mira(&shown.shared));
                }),
                &[
                    "</span>Reviewed<span class=\"undo\">",
                    "</span>Reviewed</span>",
                ],
            ),
            (
                "changed since it was reviewed",
                state(|shown| {
                    let review = examples::review_by_mira(&shown.shared);
                    shown.shared.changed_since_review = Some(review);
                }),
                &[
                    "Mark reviewed",
                    "Changed since it was reviewed by <bdi>Dr Mira Haddad</bdi>",
                    "Changed since <bdi>Dr Mira Haddad</bdi>’s review",
                ],
            ),
            (
                "to be talked about",
                state(|shown| {
                    shown.shared.is_to_talk_about = true;
                    if let Thing::Entry(entry) = &mut shown.shared.view.content {
                        entry.visibility = Visibility::TalkInSession;
                    }
                }),
                &[
                    "Mark reviewed",
                    "Mark talked about",
                    "Wants to talk about it in session",
                    "It stands on the caseload until somebody presses this",
                ],
            ),
            (
                "talked about",
                state(|shown| {
                    let review = examples::review_by_mira(&shown.shared);
                    shown.shared.talked_about = Some(TalkedAbout {
                        words: String::new(),
                        about: review.about,
                        care_space: review.care_space,
                        revision: review.revision,
                        by: review.by,
                        at: review.at,
                        undone_at: None,
                    });
                }),
                &["Mark reviewed", "</span>Talked about</span>"],
            ),
            (
                "edited on two phones",
                state(|shown| {
                    shown.shared.view.apart = vec![Apart {
                        field: "body".to_owned(),
                        wordings: ["not safe", "very safe"].map(str::to_owned).to_vec(),
                    }];
                }),
                &[
                    "Mark reviewed",
                    "In two wordings</span>",
                    "The same words of the text",
                    ">not safe</li>",
                    ">very safe</li>",
                ],
            ),
            (
                "its phone's clock was ahead",
                state(|shown| shown.shared.view.clock_ahead = true),
                &[
                    "Mark reviewed",
                    "The phone’s clock was ahead</span>",
                    "not known: the phone’s clock was ahead (it said",
                ],
            ),
        ],
        &["Delivered", "delivered to"],
    );
}

#[test]
fn a_reply_is_called_unsent_only_while_it_is_and_a_draft_a_draft_only_once_it_is_kept() {
    let with_reply = |delivery: DeliveryState| {
        let of = move |shown: &mut Shown| {
            shown.replies = examples::shown().replies;
            for reply in &mut shown.replies {
                reply.delivery = delivery.clone();
            }
        };
        page(of, &Field::default())
    };
    let kept = Field {
        is_kept: true,
        ..Field::of("half a sentence")
    };
    let gone = |reply: &Field| {
        let mut page = examples::entry(examples::shown());
        page.content = shared::SharedContent::Withdrawn {
            at: examples::now(),
        };
        shared::page(&examples::frame(), &page, reply)
    };
    hold(
        &[
            (
                "it waits here",
                with_reply(DeliveryState::OnThisDevice),
                &["Not sent yet: it waits here until the sync server takes it."],
            ),
            (
                "it never leaves",
                with_reply(DeliveryState::NeverSent),
                &["Never sent: the record takes nothing any more."],
            ),
            ("the server has it", with_reply(DeliveryState::Sent), &[]),
            (
                "typed and kept",
                page(|_| {}, &kept),
                &[">Kept as your draft, not sent yet.", "Throw the draft away"],
            ),
            (
                "typed and not kept",
                page(|_| {}, &Field::of("half a sentence").wrong("Too long.")),
                &[],
            ),
            (
                "kept, and what it answers was taken back",
                gone(&kept),
                &[
                    ">Kept as your draft, not sent yet.",
                    "Throw the draft away",
                    "Your reply was not sent",
                    "can’t be sent",
                ],
            ),
            (
                "taken back, and nothing typed",
                gone(&Field::default()),
                &[],
            ),
        ],
        &[],
    );
}

#[test]
fn nothing_to_read_stands_only_where_nothing_is_left_to_do() {
    let row = |of: fn(&mut CaseRow)| {
        let mut rows = examples::caseload();
        rows.retain(|row| row.record.name == "Ruth Abrams");
        rows.iter_mut().for_each(of);
        let question = Question::default();
        caseload::page(
            &examples::frame(),
            &rows,
            caseload::Besides::default(),
            &question,
            "/".to_owned(),
        )
    };
    hold(
        &[
            ("nothing", row(|_| {}), &["Nothing to read"]),
            (
                "an entry is new",
                row(|row| (row.new, row.unread) = (1, 1)),
                &["1 unread"],
            ),
            (
                "a check-in is new",
                row(|row| (row.new, row.new_check_ins) = (1, 1)),
                &["1 new check-in"],
            ),
            (
                "a thing of another kind is new",
                row(|row| row.new = 1),
                &["1 new</span>"],
            ),
            (
                "something is to be talked about",
                row(|row| row.to_talk_about = 1),
                &["1 to talk about"],
            ),
            (
                "something changed since it was reviewed",
                row(|row| row.changed_since_review = 1),
                &["1 changed since reviewed"],
            ),
            (
                "an entry was not reviewed",
                row(|row| row.unreviewed = 1),
                &["1 to review"],
            ),
            (
                "it is not paired",
                row(|row| row.invite = examples::waiting()),
                &["Invitation open"],
            ),
        ],
        &[],
    );
}

#[test]
fn a_phone_is_called_let_in_only_where_it_is_and_the_words_are_asked_about_only_while_it_waits() {
    let page = |invite: InviteState, link: Option<&str>| {
        invitation::page(&examples::frame(), &examples::invitation(invite, link))
    };
    let at = examples::now();
    let link = Some("kap://pair/short");
    hold(
        &[
            (
                "not invited",
                page(InviteState::Registered, None),
                &["No invitation was made, so no phone can come."],
            ),
            (
                "invited",
                page(examples::waiting(), link),
                &[
                    "Works once, until ",
                    "This page moves on by itself when a phone comes.",
                    "Nobody who does reads anything before you let them in.",
                ],
            ),
            (
                "a phone came",
                page(examples::joined(), None),
                &[
                    "A phone came by the invitation. It can read nothing yet.",
                    ">The words are the same: let this phone in</button>",
                    ">They are not the same: turn it away</button>",
                ],
            ),
            (
                "a phone came where there is one",
                page(examples::joined_again(), None),
                &[
                    "A phone came by the invitation. It can read nothing yet.",
                    ">The words are the same: let this phone in</button>",
                    ">They are not the same: turn it away</button>",
                    "This replaces <bdi>Jonas Weber</bdi>’s phone “<bdi>Jonas’s phone</bdi>”, which will be removed.",
                    "Recovery words that were made before stay good until they make new ones on the new phone.",
                ],
            ),
            (
                "let in",
                page(InviteState::Paired { at }, None),
                &["Paired since ", "Invite a new phone</button>"],
            ),
            (
                "let in, and a new phone is invited",
                page(InviteState::Paired { at }, link),
                &[
                    "Paired since ",
                    "Works once, until ",
                    "This page moves on by itself when a phone comes.",
                    "Nobody who does reads anything before you let them in.",
                ],
            ),
            (
                "turned away",
                page(InviteState::Refused { at }, None),
                &["The phone that had come was turned away. It could read nothing of this record."],
            ),
            (
                "over",
                page(InviteState::NotInvited, None),
                &["Nobody can come by an earlier one."],
            ),
            (
                "unreadable",
                page(InviteState::Unreadable, None),
                &["can’t be read on this machine now."],
            ),
        ],
        &[],
    );
}

#[test]
fn a_device_is_listed_with_what_it_is_and_since_when_and_as_gone_only_once_it_is() {
    let page = |name: &str, is_gone: bool| {
        let mut page = examples::patient();
        let gone_at = page
            .patient
            .devices
            .iter()
            .find_map(|device| device.removed_at);
        page.patient.devices.retain(|device| device.name == name);
        for device in &mut page.patient.devices {
            device.removed_at = gone_at.filter(|_| is_gone);
        }
        super::patient::page(&examples::frame(), &page, &super::patient::Forms::default())
    };
    hold(
        &[
            (
                "in",
                page("Ada’s old phone", false),
                &[
                    " · phone</span>",
                    " · since ",
                    "<code>d3d3d3d3</code>",
                    "Remove this phone",
                    "what they keep private still reaches that phone until they remove it",
                ],
            ),
            (
                "gone",
                page("Ada’s old phone", true),
                &[
                    " · phone</span>",
                    " · since ",
                    "<code>d3d3d3d3</code>",
                    "Gets nothing shared since ",
                    "No phone is in.",
                ],
            ),
            (
                "words that are good",
                page("Recovery words", false),
                &[
                    " · twelve words on paper</span>",
                    " · since ",
                    "The clinic can’t end them.",
                ],
            ),
            (
                "words that are over",
                page("Recovery words", true),
                &["3 earlier sheets of recovery words", "No phone is in."],
            ),
        ],
        &[],
    );
}

#[test]
fn a_check_is_one_that_left_nothing_undone() {
    let in_state = |exchange: Exchange| {
        let frame = Frame {
            exchange,
            ..examples::frame()
        };
        message::page(&frame, "Heading", "Text.")
    };
    let (at, why) = (examples::now(), "the server refused".to_owned());
    let checked = "Last checked with the sync server";
    let failed = |last| Exchange::Failed {
        why: why.clone(),
        last,
    };
    hold(
        &[
            (
                "not yet",
                in_state(Exchange::NotYet),
                &["Not yet checked with the sync server"],
            ),
            (
                "all of it",
                in_state(Exchange::Current { at }),
                &["Last checked with the sync server"],
            ),
            (
                "part of it",
                in_state(Exchange::Partial {
                    at,
                    why: why.clone(),
                }),
                &["Not everything was exchanged", "The server refused."],
            ),
            (
                "nothing, ever",
                in_state(failed(None)),
                &[
                    "The server refused.",
                    "These pages show what arrived before",
                ],
            ),
            (
                "nothing, this time",
                in_state(failed(Some(at))),
                &[
                    "The server refused.",
                    "These pages show what arrived before",
                    "(last checked",
                ],
            ),
        ],
        &[checked],
    );
}
