//! What parsers look at beside the text that they go over once: bytes searched far ahead, attributes and
//! texts looked at again. Counted in tests, where a hostile document must not make it grow out of proportion.

/// Notes so many steps.
#[cfg(not(test))]
pub const fn take(_: usize) {}

#[cfg(test)]
std::thread_local! {
    static TAKEN: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes so many steps.
#[cfg(test)]
pub fn take(steps: usize) {
    TAKEN.set(TAKEN.get() + steps);
}

/// The steps of this thread since it was last asked.
#[cfg(test)]
pub fn taken() -> usize {
    TAKEN.take()
}
