//! A set of article ids as bytes: ascending differences as LEB128 variable-length integers.

/// The bytes of ascending, distinct, positive ids.
pub(super) fn encode(ids: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ids.len() * 2 + 8);
    let mut last = 0;
    for &id in ids {
        put_varint(&mut bytes, (id - last).cast_unsigned());
        last = id;
    }
    bytes
}

/// The ids of such bytes; what is cut off or out of range is left out.
pub(super) fn decode(mut bytes: &[u8]) -> Vec<i64> {
    let mut ids = Vec::with_capacity(bytes.len());
    let mut last = 0_i64;
    while let Some(step) = take_varint(&mut bytes) {
        let Some(id) = last.checked_add(step.cast_signed()).filter(|&id| id > last) else { break };
        ids.push(id);
        last = id;
    }
    ids
}

/// What is in ascending `these` and not in ascending `others`.
pub(super) fn difference<'a>(these: &'a [i64], others: &'a [i64]) -> impl Iterator<Item = i64> + 'a {
    let mut rest = others;
    these.iter().copied().filter(move |id| {
        let skipped = rest.iter().take_while(|other| *other < id).count();
        rest = &rest[skipped..];
        rest.first() != Some(id)
    })
}

/// Appends a LEB128 integer.
pub(super) fn put_varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// Takes a LEB128 integer from the front; `None` at the end or where it does not end within ten bytes.
pub(super) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for (index, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte < 0x80 {
            *bytes = &bytes[index + 1..];
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sets_survive_and_neighbours_cost_a_byte() {
        for ids in [vec![], vec![1], vec![5, 6, 7, 900, i64::MAX]] {
            assert_eq!(decode(&encode(&ids)), ids);
        }
        assert_eq!(encode(&[1000, 1001, 1002, 1003]).len(), 5);
    }

    #[test]
    fn differences() {
        let cases: [(&[i64], &[i64], &[i64]); 4] = [
            (&[], &[1], &[]),
            (&[1, 2, 3], &[], &[1, 2, 3]),
            (&[1, 2, 3, 9], &[0, 2, 4, 5, 9], &[1, 3]),
            (&[7], &[7], &[]),
        ];
        for (these, others, expected) in cases {
            assert_eq!(difference(these, others).collect::<Vec<_>>(), expected);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_ascending_ids(bytes: Vec<u8>) {
            let ids = decode(&bytes);
            prop_assert!(ids.is_sorted_by(|a, b| a < b));
            prop_assert!(ids.first().is_none_or(|id| *id > 0));
        }
    }
}
