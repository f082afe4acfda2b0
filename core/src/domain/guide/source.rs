//! What the bundled guides rest on: each source once, named in the guides by a short name. A source is
//! the same in every language.
//!
//! A source says who said what. Where only a report of it or its abstract was read, it says so; that a
//! guide reads it fairly is for a clinician to confirm.

/// One source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// By which a guide names it: `{source: ketalar}`.
    pub id: &'static str,
    /// Who wrote what, and when.
    pub title: &'static str,
    /// Where it is read, if it is published.
    pub address: Option<&'static str>,
}

const fn published(id: &'static str, title: &'static str, address: &'static str) -> Source {
    Source {
        id,
        title,
        address: Some(address),
    }
}

const fn ours(id: &'static str, title: &'static str) -> Source {
    Source {
        id,
        title,
        address: None,
    }
}

/// All sources, by name.
pub const SOURCES: [Source; 18] = [
    ours(
        "app",
        "How this app is made: ARCHITECTURE.md and SECURITY.md of its source",
    ),
    published(
        "apa-2017",
        "Sanacora and others 2017, consensus statement on ketamine in mood disorders, JAMA Psychiatry 74:399 (abstract)",
        "https://doi.org/10.1001/jamapsychiatry.2017.0080",
    ),
    published(
        "askp3",
        "American Society of Ketamine Physicians, Psychotherapists and Practitioners, standards of practice, as summarized by Osmind",
        "https://osmind.org/blog/askp3-standards-for-ketamine-therapy",
    ),
    published(
        "clinic-guidelines",
        "Centered, guidelines before a ketamine-assisted therapy session",
        "https://www.centered.one/ketamine-assisted-therapy-pre-session-guidelines",
    ),
    published(
        "drozdz-2022",
        "Drozdz and others 2022, ketamine-assisted psychotherapy, a systematic narrative review, J Pain Res 15:1691 (abstract)",
        "https://doi.org/10.2147/JPR.S360733",
    ),
    published(
        "fda-2023",
        "FDA, 10 October 2023, warning about compounded ketamine for psychiatric disorders, as reported by HealthDay",
        "https://www.drugs.com/news/fda-warns-dangers-compounded-ketamine-psychiatric-115482.html",
    ),
    published(
        "fda-2023-scripps",
        "FDA, 10 October 2023, the same warning, as reported by Scripps News",
        "https://scrippsnews.com/stories/fda-warns-of-risks-involved-with-compounded-ketamine-products",
    ),
    published(
        "fda-2023-sourcing",
        "FDA, 10 October 2023, the same warning, as reported by Medical Design Sourcing",
        "https://www.medicaldesignsourcing.com/tags/medical-oversight/",
    ),
    published(
        "gerger-2021",
        "Gerger and others 2021, writing treatments for trauma survivors, network meta-analysis of 44 trials, Psychol Med (abstract)",
        "https://doi.org/10.1017/S0033291721000143",
    ),
    published(
        "holmes-2022",
        "Holmes and others 2022, synapses in people 24 hours after ketamine, Mol Psychiatry (abstract)",
        "https://doi.org/10.1038/s41380-022-01465-2",
    ),
    published(
        "integration-timing",
        "Chandler Nobles Counseling, preparation and integration",
        "https://chandlernoblescounseling.com/psychedelic-preparation-and-integration",
    ),
    published(
        "integration-ways",
        "All Psychedelic Health, integration",
        "https://allpsychedelichealth.com/integration.html",
    ),
    published(
        "ketalar",
        "Ketalar (ketamine) injection, prescribing information, revision of October 2024",
        "https://fda.report/DailyMed/46dab560-8ecd-4d92-8c92-6baa2310b09b",
    ),
    published(
        "leaflet",
        "Ketalar (ketamine) injection, patient information with side effects, as minclinic.eu gives it",
        "https://minclinic.eu/drugs/drugs_eng/Drugs_A-Z/patient-images-side-effects-2256.htm",
    ),
    published(
        "mayo",
        "Mayo Clinic, ketamine (injection route), precautions",
        "https://www.mayoclinic.org/drugs-supplements/ketamine-injection-route/precautions/drg-20075559",
    ),
    published(
        "mogk-2006",
        "Mogk and others 2006, health effects of expressive writing, meta-analysis of 30 trials, Psychosoc Med 3:Doc06 (abstract)",
        "https://www.egms.de/static/en/journals/psm/2006-3/psm000026.shtml",
    ),
    ours(
        "programme",
        "How the programme is described to patients before they commit",
    ),
    published(
        "spravato",
        "Spravato (esketamine, a close relative of ketamine), patient information as a treatment center gives it",
        "https://indyat.com/patient-information/",
    ),
];

/// The source of that name.
pub fn named(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.id == id)
}
