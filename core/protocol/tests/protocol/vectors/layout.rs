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
        for (name, length) in fields {
            layout.push(*name, *length);
        }
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

    pub(super) fn length(&self) -> usize {
        self.0.last().map_or(0, |field| field.offset + field.length)
    }

    /// All fields that hold a byte.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.0.iter().filter(|field| field.length > 0)
    }
}

fn statement(body: &[(&str, usize)]) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("kind", 1),
        ("space", 32),
        ("sequence", 8),
        ("previous", 32),
        ("author", 32),
        ("made_at_ms", 8),
        ("body length", 4),
    ]);
    layout.extend(body);
    layout.extend(&[("extensions length", 4), ("signature", 64)]);
    layout
}

pub(super) fn create() -> Layout {
    statement(&[
        ("nonce", 16),
        ("hpke_key", 1216),
        ("commitment", 32),
        ("wrapped", 1168),
    ])
}

pub(super) fn invite() -> Layout {
    statement(&[
        ("invite_key", 32),
        ("role", 1),
        ("expires_at_ms", 8),
        ("epoch", 4),
        ("sealed_key", 72),
    ])
}

pub(super) fn join() -> Layout {
    statement(&[
        ("invite_key", 32),
        ("hpke_key", 1216),
        ("invite_signature", 64),
    ])
}

pub(super) fn rotate(removals: usize, wrapped: usize) -> Layout {
    let mut body = vec![
        ("epoch", 4),
        ("commitment", 32),
        ("previous_key", 72),
        ("removal count", 2),
    ];
    for _ in 0..removals {
        body.extend([("removed member", 32), ("last_counter", 8)]);
    }
    body.push(("recipient count", 2));
    for _ in 0..wrapped {
        body.extend([("recipient", 32), ("wrapped", 1168)]);
    }
    statement(&body)
}

pub(super) fn change(frontier: usize, ciphertext: usize) -> Layout {
    let mut layout = Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("space", 32),
        ("epoch", 4),
        ("id", 16),
        ("author", 32),
        ("counter", 8),
        ("previous_own", 32),
        ("chain_head", 32),
        ("frontier count", 1),
    ]);
    for _ in 0..frontier {
        layout.extend(&[("frontier index", 2), ("frontier counter", 8)]);
    }
    layout.extend(&[
        ("extensions length", 2),
        ("nonce", 24),
        ("commitment", 32),
        ("ciphertext length", 4),
        ("ciphertext", ciphertext),
        ("signature", 64),
    ]);
    layout
}

pub(super) fn grant() -> Layout {
    Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("issuer", 32),
        ("serial", 16),
        ("max_bytes", 8),
        ("expires_at_ms", 8),
        ("extensions length", 4),
        ("signature", 64),
    ])
}

pub(super) fn new_space(grant: usize, create: usize) -> Layout {
    Layout::new(&[
        ("magic", 2),
        ("version", 1),
        ("grant length", 4),
        ("grant", grant),
        ("create length", 4),
        ("create", create),
    ])
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
        ("count", 4),
    ]);
    for statement in statements {
        layout.extend(&[("statement length", 4), ("statement", *statement)]);
    }
    layout
}
