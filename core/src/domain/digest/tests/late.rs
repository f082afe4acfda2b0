//! What came late, how measures moved, and what a line says of what it leaves out.

use super::*;

/// Something of so many days ago that came so many days ago.
fn late<T: Content>(n: u8, days: i64, came: i64, mut content: T) -> Disclosed<T> {
    content.set_visibility(Visibility::CareTeam);
    Disclosed::new(id(n), days_ago(days), None, days_ago(came), content).unwrap()
}

#[test]
fn what_came_or_was_shared_late_is_told_when_it_came_and_says_so() {
    let note = |days| Entry::new(days_ago(days));
    let edited = Entry {
        visibility: Visibility::CareTeam,
        ..note(30)
    };
    let edited = Disclosed::new(id(3), days_ago(30), Some(days_ago(9)), days_ago(2), edited);
    let became = Commitment {
        became: Some(Became::Not),
        ..Commitment::new("Walk.", days_ago(8))
    };
    let said = |valence, days| CheckIn::new(Rating::new(valence).unwrap(), days_ago(days));
    let material = Material {
        entries: vec![
            late(1, 10, 2, note(10)),
            late(2, 10, 10, note(10)),
            edited.unwrap(),
            late(4, 3, 2, note(3)),
        ],
        others: vec![late(5, 9, 1, SafetyPlan::new(days_ago(9))).map(|one| one.other())],
        commitments: vec![late(6, 8, 1, became)],
        check_ins: vec![
            late(7, 20, 20, said(2, 20)),
            late(8, 9, 1, said(3, 9)),
            late(9, 7, 7, said(5, 7)),
        ],
        ..Material::default()
    };
    let digest = digest(&material, since(), NOW);
    let told: Vec<_> = (digest.changed.iter())
        .map(|line| (line.id, line.came_late, line.why.clone()))
        .collect();
    let changed = Why::Edited { at: days_ago(9) };
    assert_eq!(
        told,
        [
            (id(3), Some(days_ago(2)), changed),
            (id(1), Some(days_ago(2)), Why::New),
            (id(5), Some(days_ago(1)), Why::New),
            (id(4), None, Why::New),
        ]
    );
    assert_eq!(ids(&digest.left_undone), [id(6)]);
    assert_eq!(digest.left_undone[0].came_late, Some(days_ago(1)));
    let mood = &digest.moods[0];
    assert_eq!((mood.answers, mood.last.number()), (1, 3));
    assert_eq!(mood.before.map(Rating::number), Some(2));
}

#[test]
fn a_total_counts_when_it_was_answered_and_is_compared_with_the_one_just_before() {
    let total = |n: u8, begun, answered, came, points| {
        late(n, begun, came, Entry::new(days_ago(begun))).map(|_| TotalFact {
            measure: "phq-9".into(),
            version: 1,
            item: None,
            answered_at: days_ago(answered),
            total: Some(points),
        })
    };
    let of = |totals| {
        let material = Material {
            totals,
            ..Material::default()
        };
        digest(&material, since(), NOW).totals.remove(0)
    };
    // A rise since then is not hidden behind a high one from before.
    let rise = of(vec![
        total(1, 20, 20, 20, 16),
        total(2, 4, 4, 4, 5),
        total(3, 3, 3, 3, 10),
        total(4, 1, 1, 1, 14),
    ]);
    let fives = [(5, days_ago(4)), (10, days_ago(3)), (14, days_ago(1))];
    assert_eq!(rise.since_then, fives);
    assert_eq!((rise.before, rise.difference), (Some(fives[1]), Some(4)));
    // Nor is there none before where the first one since came before it.
    let two = of(vec![total(1, 4, 4, 4, 5), total(2, 1, 1, 1, 9)]);
    assert_eq!(
        (two.before, two.difference),
        (Some((5, days_ago(4))), Some(4))
    );
    // Begun first and finished last is the last; what came late is told, and is compared with what was
    // answered before it.
    let slow = of(vec![total(1, 9, 1, 1, 20), total(2, 3, 3, 3, 8)]);
    assert_eq!((slow.latest, slow.at), (20, days_ago(1)));
    assert_eq!(slow.before, Some((8, days_ago(3))));
    let sent_late = of(vec![
        total(1, 30, 30, 30, 4),
        total(2, 12, 12, 2, 15),
        total(3, 8, 8, 8, 6),
    ]);
    assert_eq!(
        (sent_late.latest, sent_late.before),
        (15, Some((4, days_ago(30))))
    );
    // A clock that was ahead is not believed.
    assert_eq!(of(vec![total(1, 2, -300, 2, 7)]).at, days_ago(2));
}

#[test]
fn a_line_that_is_cut_says_so() {
    for (words, shown) in [
        ("I am fine.", "I am fine.".to_owned()),
        ("\n I am fine. \n", "I am fine.".to_owned()),
        ("I am fine.\nBut at night.", "I am fine. …".to_owned()),
        (&"ä".repeat(120), "ä".repeat(120)),
        (&"ä".repeat(121), format!("{}…", "ä".repeat(119))),
        (
            &format!("{}\nmore", "ä".repeat(120)),
            format!("{} …", "ä".repeat(118)),
        ),
    ] {
        assert_eq!(quoted(words), shown);
        assert!(quoted(words).chars().count() <= QUOTED);
    }
}

#[test]
fn what_was_changed_or_came_in_the_last_days_is_no_silence() {
    let of = |edited: Option<i64>, came| {
        let note = Entry {
            visibility: Visibility::CareTeam,
            ..Entry::new(days_ago(30))
        };
        let at = days_ago(30);
        let one = Disclosed::new(id(1), at, edited.map(days_ago), days_ago(came), note);
        let material = Material {
            entries: vec![one.unwrap()],
            ..Material::default()
        };
        digest(&material, since(), NOW)
            .silence
            .map(|quiet| quiet.days)
    };
    assert_eq!(of(None, 30), Some(Some(30)));
    assert_eq!(of(None, 2), None);
    assert_eq!(of(Some(2), 2), None);
    assert_eq!(of(Some(20), 9), Some(Some(9)));
}
