//! Each measurement is a program in `src/bin`; `benches/run` builds them and runs them all.
