//! What the fuzz targets share: reading as `plimsoll scan --manifests` reads, and judging as the server judges.
//!
//! A target is a file of its own in `src/bin`, its seeds are in `corpus/<target>`, and `scripts/fuzz.sh` runs it.

pub mod collect;
pub mod judge;
