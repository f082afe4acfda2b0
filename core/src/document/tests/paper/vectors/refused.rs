//! One change for each rule of the paper, at fault in that alone.

use super::*;

/// A change that is refused for one reason, with those that stand before it.
fn refused(name: &str, before: &[Vec<u8>], change: &[u8], error: &str) -> Value {
    let before: Vec<_> = before.iter().map(|change| hex(change)).collect();
    json!({"name": name, "before": before, "change": hex(change), "error": error})
}

pub(super) fn refusals() -> Vec<Value> {
    let good = first();
    let (before, after) = good.around_the_actor();
    let body = good.body();
    let with = |change: &dyn Fn(&mut Draft)| {
        let mut draft = good.clone();
        change(&mut draft);
        draft.chunk()
    };
    let none = |name: &str, change: &[u8], error: &str| refused(name, &[], change, error);
    let malformed = "the change is malformed";
    let mut magic = good.chunk();
    magic[0] ^= 1;
    let mut damaged = good.chunk();
    *damaged.last_mut().unwrap() ^= 1;
    let trailing = [good.chunk(), vec![0]].concat();
    let inside = claimed(&before, &[after.clone(), vec![0]].concat());
    let mut stolen = body.clone();
    stolen[2] ^= 1;
    // The sequence number is the first byte behind the actor; the two-byte form of 1 is not the shortest.
    let overlong = claimed(&before, &[&[0x81, 0], &after[1..]].concat());
    let short_actor = [&[0, 15][..], &[9; 15], &after].concat();
    // The specification of the second column: the deflate bit set, and one that no reader knows.
    let at = after.iter().position(|byte| *byte == 0x02).unwrap();
    let column = |name: u8| {
        let mut after = after.clone();
        after[at] = name;
        claimed(&before, &after)
    };
    let claim = |column: &[u8]| {
        let after = [&[1, 1, 0, 0, 0, 1, 0x42, column.len() as u8][..], column].concat();
        claimed(&[0, 16], &after)
    };
    let nested = {
        let map = |n: u64| Op {
            object: (n > 0).then_some((0, n)),
            ..make("in", MAKE_MAP, Held::Nothing)
        };
        let ops = (0..17).map(map).collect();
        Draft {
            ops,
            ..good.clone()
        }
    };
    let deep = nested.chunk();
    let on_top = Draft {
        deps: vec![nested.hash()],
        start: 18,
        seq: 1,
        ops: vec![set("title", word("on top"))],
        ..Draft::default()
    };
    let two = Draft {
        ops: vec![set("a", Held::Number(1)), set("b", Held::Number(2))],
        ..good.clone()
    };
    let mut uneven = columns(&two.ops);
    let actions = uneven.iter_mut().find(|(name, _)| *name == 0x42).unwrap();
    assert_eq!(actions.1, [2, SET as u8]);
    actions.1 = vec![0x7e, SET as u8, SET as u8];
    let (uneven_before, uneven_after) = two.around_with(uneven);
    let uneven = claimed(&uneven_before, &uneven_after);
    vec![
        none(
            "the magic bytes are others",
            &magic,
            "these bytes are not a change",
        ),
        none(
            "a whole document",
            &chunk(0, &body),
            "these bytes are not a change",
        ),
        none(
            "a compressed change",
            &chunk(2, &body),
            "the change is compressed",
        ),
        none(
            "a checksum that does not fit",
            &damaged,
            "the change is damaged: its checksum does not fit",
        ),
        none(
            "a byte after the chunk",
            &trailing,
            "there are bytes after the change",
        ),
        none(
            "a byte after the columns",
            &inside,
            "there are bytes after the change",
        ),
        none(
            "a number that is not in its shortest form",
            &overlong,
            malformed,
        ),
        none("an actor of 15 bytes", &chunk(1, &short_actor), malformed),
        none(
            "another actor",
            &chunk(1, &stolen),
            "the change's actor does not belong to it",
        ),
        none(
            "a second change of its actor",
            &with(&|draft| draft.seq = 2),
            "the change's actor does not belong to it",
        ),
        none(
            "a salt below zero",
            &with(&|draft| draft.salt = -1),
            malformed,
        ),
        none(
            "a salt of 2^61",
            &with(&|draft| draft.salt = 1 << 61),
            malformed,
        ),
        none(
            "dependencies out of order",
            &with(&|draft| draft.deps = vec![[2; 32], [1; 32]]),
            malformed,
        ),
        none(
            "one dependency twice",
            &with(&|draft| draft.deps = vec![[1; 32]; 2]),
            malformed,
        ),
        none(
            "other actors out of order",
            &with(&|draft| draft.others = vec![[2; 16], [1; 16]]),
            malformed,
        ),
        none("a compressed column", &column(0x0a), malformed),
        none("a column that nobody knows", &column(0x03), malformed),
        none("no operation", &with(&|draft| draft.ops.clear()), malformed),
        none(
            "a billion operations",
            &claim(&[0x80, 0x94, 0xeb, 0xdc, 0x03, 1]),
            "the change claims too many operations",
        ),
        none(
            "equal values that are no run",
            &uneven,
            "the change would not survive saving",
        ),
        none(
            "a first operation numbered 0",
            &with(&|draft| draft.start = 0),
            "the change's operations are not numbered from where it begins",
        ),
        none(
            "a first operation numbered 2",
            &with(&|draft| draft.start = 2),
            "the change's operations are not numbered from where it begins",
        ),
        none(
            "an actor that it does not build upon",
            &with(&|draft| draft.others = vec![[1; 16]]),
            "the change refers to something that it does not build upon",
        ),
        none(
            "maps in one another, 17 deep",
            &deep,
            "the change nests fields too deep",
        ),
        refused(
            "upon a change that is refused",
            &[deep],
            &on_top.chunk(),
            "the change builds upon one that was refused",
        ),
    ]
}
