//! Places: `GeoRSS` simple and GML, and the W3C's `geo:lat` and `geo:long`.

use crate::model::more::{Coordinates, Geo};

use super::namespace::Ns;
use super::subject::Subject;
use super::tree::Tree;

/// Reads one field of an item or a channel.
pub fn field(tree: &Tree<'_>, index: usize, subject: &mut impl Subject) {
    let place = (index..tree.node(index).end).find_map(|inner| place(tree, inner));
    if let Some(place) = place {
        subject.geo(place);
    }
}

fn place(tree: &Tree<'_>, index: usize) -> Option<Geo> {
    let node = tree.node(index);
    let (shape, coordinates) = match (node.ns, &*node.local) {
        (Ns::GeoRss, "point") => ("Point", Coordinates::Point(pairs(tree.text(index)?)?.into_iter().next()?)),
        (Ns::Gml, "point") => ("Point", Coordinates::Point(pairs(tree.text_within(index)?)?.into_iter().next()?)),
        (Ns::GeoRss, "line") => ("LineString", Coordinates::Line(pairs(tree.text(index)?)?)),
        (Ns::Gml, "linestring") => ("LineString", Coordinates::Line(pairs(tree.text_within(index)?)?)),
        (Ns::GeoRss, "polygon") => ("Polygon", Coordinates::Rings(vec![pairs(tree.text(index)?)?])),
        (Ns::Gml, "polygon") => ("Polygon", Coordinates::Rings(vec![pairs(tree.text_within(index)?)?])),
        (Ns::GeoRss, "box") => ("Box", Coordinates::Line(pairs(tree.text(index)?)?)),
        (Ns::Gml, "envelope") => {
            let corners: Vec<Vec<f64>> =
                tree.children(index).filter_map(|corner| pairs(tree.text(corner)?)).flatten().collect();
            ("Box", Coordinates::Line(corners))
        }
        _ => return None,
    };
    Some(Geo { shape, coordinates })
}

/// Latitude and longitude in turn, as the pairs of `GeoJSON`: longitude and latitude.
fn pairs(text: &str) -> Option<Vec<Vec<f64>>> {
    let numbers: Option<Vec<f64>> = text
        .split(|char: char| char.is_whitespace() || char == ',')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    let numbers = numbers.filter(|numbers| numbers.len() >= 2 && numbers.len().is_multiple_of(2))?;
    Some(numbers.chunks_exact(2).map(|pair| vec![pair[1], pair[0]]).collect())
}
