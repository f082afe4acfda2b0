//! Where each field of each object stands. Written out by hand, not taken from the code under test.

/// A field's name and where it stands.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) offset: usize,
    pub(super) length: usize,
}

/// Fields that follow one another.
pub(super) struct Layout(Vec<Field>);

impl Layout {
    fn new(fields: &[(&str, usize)]) -> Self {
        let mut layout = Self(Vec::new());
        layout.extend(fields);
        layout
    }

    fn push(&mut self, name: impl Into<String>, length: usize) {
        let offset = self.length();
        self.0.push(Field {
            name: name.into(),
            offset,
            length,
        });
    }

    fn extend(&mut self, fields: &[(&str, usize)]) {
        for (name, length) in fields {
            self.push(*name, *length);
        }
    }

    /// A key, a signature or a sealed key, behind its length.
    fn of_suite(&mut self, name: &str, length: usize) {
        self.push(format!("{name} length"), 2);
        self.push(name, length);
    }

    pub(super) fn length(&self) -> usize {
        self.0.last().map_or(0, |field| field.offset + field.length)
    }

    /// All fields that hold a byte.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.0.iter().filter(|field| field.length > 0)
    }

    /// Where the first field of that name begins.
    pub(super) fn offset(&self, name: &str) -> usize {
        let field = self.0.iter().find(|field| field.name == name);
        field.unwrap_or_else(|| panic!("there is no {name}")).offset
    }
}

fn statement(body: impl FnOnce(&mut Layout)) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("suite", 1),
        ("kind", 1),
        ("space", 32),
        ("sequence", 8),
        ("previous", 32),
        ("author", 32),
        ("made_at_ms", 8),
        ("body length", 4),
    ]);
    body(&mut layout);
    layout.push("extensions length", 4);
    layout.of_suite("signature", 64);
    layout
}

pub(super) fn create() -> Layout {
    statement(|body| {
        body.extend(&[("nonce", 16), ("role", 1)]);
        body.of_suite("signing_key", 32);
        body.of_suite("hpke_key", 1216);
        body.push("commitment", 32);
        body.of_suite("wrapped", 1168);
    })
}

pub(super) fn invite() -> Layout {
    statement(|body| {
        body.of_suite("invite_key", 32);
        body.extend(&[("role", 1), ("expires_at_ms", 8)]);
    })
}

pub(super) fn join() -> Layout {
    statement(|body| {
        body.of_suite("invite_key", 32);
        body.of_suite("signing_key", 32);
        body.of_suite("hpke_key", 1216);
        body.of_suite("invite_signature", 64);
    })
}

pub(super) fn answer() -> Layout {
    statement(|body| body.extend(&[("newcomer", 32), ("nonce", 32)]))
}

/// How many entries each list of a rotation has; one previous key.
#[derive(Default)]
pub(super) struct Rotation {
    pub(super) removals: usize,
    pub(super) refused: usize,
    pub(super) admitted: usize,
    pub(super) enrolled: usize,
    pub(super) recipients: usize,
}

pub(super) fn rotate(lists: &Rotation) -> Layout {
    statement(|body| {
        body.extend(&[("epoch", 4), ("commitment", 32), ("previous key count", 2)]);
        body.push("previous epoch", 4);
        body.of_suite("sealed key", 72);
        body.push("removal count", 2);
        for _ in 0..lists.removals {
            body.extend(&[("removed", 32), ("last_counter", 8), ("last_hash", 32)]);
        }
        body.push("refused count", 2);
        (0..lists.refused).for_each(|_| body.push("refused", 32));
        body.push("admitted count", 2);
        (0..lists.admitted).for_each(|_| body.push("admitted", 32));
        body.push("enrolled count", 2);
        for _ in 0..lists.enrolled {
            body.push("enrolled role", 1);
            body.of_suite("enrolled signing_key", 32);
            body.of_suite("enrolled hpke_key", 1216);
            body.of_suite("proof", 64);
        }
        body.push("recipient count", 2);
        for _ in 0..lists.recipients {
            body.push("recipient", 32);
            body.of_suite("wrapped", 1168);
        }
    })
}

pub(super) fn leave() -> Layout {
    statement(|body| body.extend(&[("last_counter", 8), ("last_hash", 32)]))
}

pub(super) fn end() -> Layout {
    statement(|body| body.push("keep_days", 2))
}

/// `ciphertext` is its length; `None` for a bare change.
pub(super) fn change(frontier: usize, drops: usize, ciphertext: Option<usize>) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("suite", 1),
        ("space", 32),
        ("epoch", 4),
        ("id", 16),
        ("author", 32),
        ("counter", 8),
        ("previous_own", 32),
        ("chain_head", 32),
        ("content", 32),
        ("frontier count", 1),
    ]);
    for _ in 0..frontier {
        layout.extend(&[
            ("frontier index", 2),
            ("frontier counter", 8),
            ("frontier hash", 32),
        ]);
    }
    layout.push("drops count", 2);
    for _ in 0..drops {
        layout.extend(&[("drop index", 2), ("drop counter", 8), ("drop hash", 32)]);
    }
    layout.extend(&[("extensions length", 2), ("form", 1)]);
    match ciphertext {
        Some(length) => layout.extend(&[
            ("nonce", 24),
            ("commitment", 32),
            ("ciphertext length", 4),
            ("ciphertext", length),
        ]),
        None => layout.push("body hash", 32),
    }
    layout.of_suite("signature", 64);
    layout
}

pub(super) fn grant() -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("suite", 1),
        ("purpose", 1),
        ("issuer", 32),
        ("founder", 32),
        ("serial", 16),
        ("max_bytes", 8),
        ("expires_at_ms", 8),
        ("extensions length", 4),
    ]);
    layout.of_suite("signature", 64);
    layout
}

pub(super) fn run(statements: &[usize]) -> Layout {
    let mut layout = Layout::new(&[("magic", 2), ("version", 1), ("count", 4)]);
    for statement in statements {
        layout.extend(&[("statement length", 4), ("statement", *statement)]);
    }
    layout
}

pub(super) fn push(changes: &[usize]) -> Layout {
    let mut layout = Layout::new(&[("magic", 2), ("version", 1), ("count", 4)]);
    for change in changes {
        layout.extend(&[("change length", 4), ("change", *change)]);
    }
    layout
}

pub(super) fn pull(changes: &[usize]) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("incarnation", 16),
        ("head", 8),
        ("count", 4),
    ]);
    for change in changes {
        layout.extend(&[("number", 8), ("change length", 4), ("change", *change)]);
    }
    layout
}

pub(super) fn chain(statements: &[usize]) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("incarnation", 16),
        ("length", 8),
        ("count", 4),
    ]);
    for statement in statements {
        layout.extend(&[("statement length", 4), ("statement", *statement)]);
    }
    layout
}
