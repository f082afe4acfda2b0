//! A clinician's day on the console's pages.
