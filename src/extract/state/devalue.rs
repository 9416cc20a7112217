//! The flat form of Nuxt 3 (`__NUXT_DATA__`): an array whose members name each other by their place.

use serde_json::{Map, Value};

use crate::extract::json::size;

/// Bytes that one script may unfold into: places may be named again and again.
const MOST: usize = 16 << 20;

/// Deeper values are left out.
const DEEPEST: usize = 40;

/// Whether an array is of that form: its first member names others.
pub(super) fn is_flat(values: &[Value]) -> bool {
    let is_place = |value: &Value| value.as_u64().is_some_and(|place| place < values.len() as u64);
    match values.first() {
        Some(Value::Object(first)) => !first.is_empty() && first.values().all(is_place),
        // a wrapper: ["ShallowReactive", 1]
        Some(Value::Array(first)) => first.len() == 2 && first[0].is_string() && is_place(&first[1]),
        _ => false,
    }
}

/// The value that the array stands for.
pub(super) fn unfold(values: &[Value]) -> Value {
    let mut left = MOST;
    at(values, 0, (0, &mut left))
}

fn at(values: &[Value], place: usize, (depth, left): (usize, &mut usize)) -> Value {
    let Some(value) = values.get(place) else { return Value::Null };
    let literal = |members: &[Value]| match members {
        [Value::String(kind), date, ..] if kind == "Date" => Some(size(date)),
        _ => None,
    };
    let own = match value {
        Value::Array(members) => literal(members).unwrap_or_else(|| size(value)),
        other => size(other),
    };
    *left = left.saturating_sub(own);
    if depth > DEEPEST || *left == 0 {
        return Value::Null;
    }
    let mut follow = |value: &Value| {
        let place = value.as_u64().and_then(|place| usize::try_from(place).ok());
        place.map_or(Value::Null, |place| at(values, place, (depth + 1, left)))
    };
    match value {
        Value::Object(object) => {
            let inner = object.iter().map(|(key, value)| (key.clone(), follow(value)));
            Value::Object(inner.collect::<Map<_, _>>())
        }
        Value::Array(members) => match members.first() {
            Some(Value::String(kind)) if kind == "Date" => members.get(1).cloned().unwrap_or_default(),
            // a wrapper of one value, or one of the page's own types
            Some(Value::String(_)) => members.get(1).map(&mut follow).unwrap_or_default(),
            _ => Value::Array(members.iter().map(follow).collect()),
        },
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_unfolds_is_bounded() {
        let key = "k".repeat(10_000);
        let by_key = json!([{"a": 1}, vec![2; 100_000], {key: 3}, 1]);
        let date = json!([{"a": 1}, vec![2; 100_000], ["Date", "d".repeat(10_000)]]);
        let members = json!([{"a": 1}, vec![2; 100_000], vec![3; 10_000], "x"]);
        for flat in [by_key, date, members] {
            let value = unfold(flat.as_array().unwrap());
            let size = crate::extract::json::weight(&value);
            assert!(size < 2 * MOST, "{size} bytes");
        }
    }

    #[test]
    fn unfolds_what_names_its_members_by_place() {
        let flat = json!([
            ["ShallowReactive", 1], {"data": 2}, {"story": 3}, {"title": 4, "tags": 5, "at": 7, "self": 3}, "A headline", [6, 6], "ferry",
            ["Date", "2023-03-01T08:00:00Z"]
        ]);
        let flat = flat.as_array().unwrap();
        assert!(is_flat(flat));
        let value = unfold(flat);
        let story = &value["data"]["story"];
        assert_eq!(story["title"], "A headline");
        assert_eq!(story["tags"], json!(["ferry", "ferry"]));
        assert_eq!(story["at"], "2023-03-01T08:00:00Z");
        assert_eq!(story["self"]["self"]["title"], "A headline");
        assert!(!is_flat(json!([{"title": "A headline"}]).as_array().unwrap()));
        assert!(!is_flat(json!([1, 2]).as_array().unwrap()));
    }
}
