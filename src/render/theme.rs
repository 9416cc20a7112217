//! The templates of the pages: the program's own, and those of a theme in their place.

use std::io::Write;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment};

use super::RenderError;
use super::legal::escape_html;
use crate::model::Theme;

/// The name of the style sheet among a theme's files.
const STYLE: &str = "style.css";

/// The program's own templates and style sheet.
const OWN: [(&str, &str); 4] = [
    ("feed.html", include_str!("templates/feed.html")),
    ("index.html", include_str!("templates/index.html")),
    ("head.html", include_str!("templates/head.html")),
    (STYLE, include_str!("templates/style.css")),
];

static PAGES: LazyLock<Pages<'static>> = LazyLock::new(|| Pages::new(None).expect("a test renders every template"));

/// The templates that pages are made from.
struct Pages<'a> {
    templates: Environment<'a>,
    style: &'a str,
    /// The style's hash as the Content-Security-Policy names it (CSP Level 3 §2.3.1).
    style_hash: String,
}

impl<'a> Pages<'a> {
    fn new(theme: Option<&'a Theme>) -> Result<Self, minijinja::Error> {
        let mut templates = Environment::new();
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        // the built-in formatter escapes slashes too, which only makes addresses long
        templates.set_formatter(|out, _, value| {
            match value.as_str() {
                Some(text) if !value.is_safe() => out.write_str(&escape_html(text))?,
                None if value.is_undefined() || value.is_none() => {}
                _ => write!(out, "{value}")?,
            }
            Ok(())
        });
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        templates.set_syntax(syntax.expect("the standard delimiters are valid"));
        let theirs = theme.into_iter().flat_map(|theme| &theme.files).map(|(name, text)| (&**name, &**text));
        let mut style = "";
        for (name, text) in OWN.into_iter().chain(theirs) {
            if name == STYLE {
                style = text;
            } else {
                templates.add_template(name, text)?;
            }
        }
        let digest = ring::digest::digest(&ring::digest::SHA256, style.as_bytes());
        Ok(Self { templates, style, style_hash: format!("sha256-{}", BASE64_STANDARD.encode(digest)) })
    }

    fn render(&self, name: &str, page: Value, out: &mut dyn Write) -> Result<(), RenderError> {
        let look = minijinja::context! { style => Value::from_safe_string(self.style.to_owned()), style_hash => &self.style_hash };
        self.templates.get_template(name)?.render_captured_to(minijinja::context! { ..look, ..page }, &mut *out)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

/// Writes a page by a template of the theme, else the program's own.
pub(super) fn render(
    theme: Option<&Theme>,
    (name, page): (&str, Value),
    out: &mut dyn Write,
) -> Result<(), RenderError> {
    match theme {
        None => PAGES.render(name, page, out),
        Some(theme) => Pages::new(Some(theme))?.render(name, page, out),
    }
}

/// Whether the templates of a theme can be read.
///
/// # Errors
///
/// [`RenderError::Template`] with the place of the first mistake.
pub fn check_theme(theme: &Theme) -> Result<(), RenderError> {
    Pages::new(Some(theme))?;
    Ok(())
}
