//! What stands in a guide comes out as blocks.

use crate::domain::guide::{
    Block, Emphasis, Grounds, Level, Marker, Slot, Span, TaskId, Written, model, parse,
};

fn blocks(text: &str) -> Vec<Block> {
    parse(text, Written::ByClinic).unwrap()
}

fn span(text: &str, emphasis: Emphasis) -> Span {
    Span {
        text: text.into(),
        emphasis,
        link: None,
    }
}

#[test]
fn headings_paragraphs_slots_and_help_are_blocks_of_their_own() {
    let read = blocks("# One\n\n### Two\n\nThree\nand four.\n\n{slot: medicines}\n\n{crisis help}");
    let text = |words: &str| vec![span(words, Emphasis::None)];
    let heading = |level, words| Block::Heading {
        level,
        text: text(words),
    };
    assert_eq!(
        read,
        [
            heading(Level::Section, "One"),
            heading(Level::Part, "Two"),
            Block::Paragraph {
                text: text("Three and four."),
                grounds: Grounds::Clinic,
            },
            Block::Slot(Slot::Medicines),
            Block::CrisisHelp,
        ]
    );
}

#[test]
fn emphasis_and_links_are_said_of_the_words_that_have_them() {
    let read = blocks("A *b* **c _d_** [e](https://a.example/f?g#h)\\\ni");
    let Block::Paragraph { text, .. } = &read[0] else {
        panic!("{read:?}");
    };
    let looks: Vec<_> = text
        .iter()
        .map(|span| (span.text.as_str(), span.emphasis))
        .collect();
    assert_eq!(
        looks,
        [
            ("A ", Emphasis::None),
            ("b", Emphasis::Light),
            (" ", Emphasis::None),
            ("c d", Emphasis::Strong),
            (" ", Emphasis::None),
            ("e", Emphasis::None),
            ("\ni", Emphasis::None),
        ]
    );
    let link = text[5].link.as_ref().unwrap();
    assert_eq!(
        (link.as_str(), link.host()),
        ("https://a.example/f?g#h", "a.example")
    );
    assert_eq!(text[6].link, None);
}

#[test]
fn a_list_is_flat_and_each_point_knows_its_depth_and_number() {
    let read = blocks("3. a\n4. b\n   - c\n\n     d\n     - e\n   - f\n5. g");
    let Block::List(points) = &read[0] else {
        panic!("{read:?}");
    };
    let seen: Vec<_> = points
        .iter()
        .map(|point| (point.depth, point.marker, model::words_of(&point.text)))
        .collect();
    let seen: Vec<_> = seen.iter().map(|(d, m, t)| (*d, *m, t.as_str())).collect();
    assert_eq!(
        seen,
        [
            (0, Marker::Number(3), "a"),
            (0, Marker::Number(4), "b"),
            (1, Marker::Bullet, "c\nd"),
            (2, Marker::Bullet, "e"),
            (1, Marker::Bullet, "f"),
            (0, Marker::Number(5), "g"),
        ]
    );
    assert_eq!(read.len(), 1);
}

#[test]
fn a_tick_stays_with_the_words_of_a_clinics_task_when_others_change() {
    let tasks = |text: &str| -> Vec<TaskId> {
        let tasks = model::tasks_of(&blocks(text));
        tasks.into_iter().collect()
    };
    let before = tasks("- [ ] Bring a **coat**.\n- [ ] Ride.");
    let after = tasks("- [ ] First this.\n- [ ] Bring a coat.");
    let kept: Vec<_> = before.iter().filter(|id| after.contains(id)).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(tasks("- [ ] Ride. {task: ride}"), ["ride".parse().unwrap()]);
}

#[test]
fn what_looks_like_a_tag_after_reading_is_text() {
    let read = blocks("&lt;script&gt; \\<b\\> 1 < 2");
    assert_eq!(
        read[0].texts()[0],
        [span("<script> <b> 1 < 2", Emphasis::None)]
    );
}

#[test]
fn a_clinic_may_take_over_our_words_with_their_sources() {
    let read =
        blocks("It can raise blood pressure. {source: ketalar, fda-2023}\n\nBreathe. {no claim}");
    let sources = model::sources_of(&read);
    let ids: Vec<_> = sources.iter().map(|source| source.id).collect();
    assert_eq!(ids, ["ketalar", "fda-2023"]);
    assert_eq!(read[1].grounds(), [&Grounds::NoClaim]);
    assert_eq!(model::count_words(&read), 6);
}

#[test]
fn points_and_tasks_of_one_list_become_blocks_of_their_own_in_their_order() {
    let read = blocks("- a\n- [ ] b\n- [ ] c\n  - d\n- e");
    let sorts: Vec<_> = read
        .iter()
        .map(|block| match block {
            Block::List(points) => points.iter().map(|it| it.depth.to_string()).collect(),
            Block::Tasks(tasks) => format!("{} tasks", tasks.len()),
            _ => String::new(),
        })
        .collect();
    assert_eq!(sorts, ["0", "2 tasks", "10"]);
}
