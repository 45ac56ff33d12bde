//! Notices and their texts, as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{DEFAULT_STATUS, FileSpec, Moment, Placed};
use crate::design::{Paint, Partners};

/// What visitors of some targets are told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice")]
pub(in crate::playbook) struct NoticeSpec {
    /// Short name.
    pub id: Placed<String>,
    /// The agency that issues it; one of `agencies`.
    pub issuer: Placed<String>,
    /// Agencies shown on it and asked to sign it.
    pub agencies: Placed<Vec<Placed<String>>>,
    /// The order that visitors are told about.
    pub order: Placed<String>,
    /// Valid from; the hour when left out.
    pub not_before: Option<Placed<Moment>>,
    /// Valid until before this moment.
    pub not_after: Placed<Moment>,
    /// Page on the issuer's own domain that tells how to check the notice.
    pub verify_at: Placed<String>,
    /// Whether the notice covers every name below its names.
    #[serde(default)]
    pub subdomains: bool,
    /// Whether the notice covers its names without listing them: each site then shows only that its own name is covered.
    #[serde(default)]
    pub sealed_names: bool,
    /// HTTP status of the page.
    #[schemars(extend("enum" = [451, 200], "default" = DEFAULT_STATUS))]
    pub status: Option<u64>,
    /// Language of those who ask for none of the others.
    pub default_language: Placed<String>,
    /// Path of the text file for each language.
    pub texts: Placed<BTreeMap<Placed<String>, Placed<String>>>,
    /// The language in which the texts were written first; `default-language` when left out.
    pub source_language: Option<Placed<String>>,
    /// Who has read the whole page in a language and vouches for it, by language tag.
    #[serde(default)]
    pub reviewed_by: BTreeMap<Placed<String>, Placed<String>>,
    /// Tools and services for victims.
    #[serde(default)]
    pub help: Vec<Placed<HelpSpec>>,
    /// Press releases.
    #[serde(default)]
    pub press: Vec<Placed<PressSpec>>,
    /// Whether victims of ransomware are shown the way to the project No More Ransom.
    #[serde(default)]
    pub no_more_ransom: bool,
    /// Where victims report, country by country.
    #[serde(default)]
    pub report: Vec<Placed<ReportSpec>>,
    /// Colours, and where the agencies stand.
    pub theme: Option<Placed<ThemeSpec>>,
    /// Pages of the agencies' own making, in place of ours.
    #[serde(default)]
    pub page: Vec<Placed<PageSpec>>,
}

/// A tool or service for victims.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.help")]
pub(in crate::playbook) struct HelpSpec {
    /// Short name; the text files have a table `[help.ID]` for it.
    pub id: Placed<String>,
    /// Where it is, `https://…`.
    pub url: Placed<String>,
    /// The file behind the address; required when there is an embargo.
    pub file: Option<Placed<FileSpec>>,
    /// The `release` step with which it is published; without it, it is there from the start.
    pub embargo: Option<Placed<String>>,
}

/// A press release.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.press")]
pub(in crate::playbook) struct PressSpec {
    /// Short name; the text files have a table `[press.ID]` for it.
    pub id: Placed<String>,
    /// Where it is published, `https://…`.
    pub url: Placed<String>,
    /// The text that will stand there; required when there is an embargo.
    pub file: Option<Placed<FileSpec>>,
    /// The `release` step with which it is published; without it, it is there from the start.
    pub embargo: Option<Placed<String>>,
}

/// A place to which victims in one country report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.report")]
pub(in crate::playbook) struct ReportSpec {
    /// Country, ISO 3166-1 alpha-2; its name is shown in the language of the page.
    pub country: Placed<String>,
    /// Name as the place calls itself.
    pub name: Placed<String>,
    /// Language of the name.
    pub language: Option<Placed<String>>,
    /// Where it is, `https://…`; this or `phone`.
    pub url: Option<Placed<String>>,
    /// Telephone number.
    pub phone: Option<Placed<String>>,
}

/// The seal or badge of an agency: an SVG or PNG file that stands inside every page.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "seal")]
pub(in crate::playbook) struct SealSpec {
    /// Path below the directory of the playbook.
    pub path: Placed<String>,
    /// SHA-256 digest of the file.
    pub sha256: Placed<String>,
    /// What it shows, for those who do not see it, by language tag; elsewhere it is called a seal.
    #[serde(default)]
    pub alt: BTreeMap<Placed<String>, Placed<String>>,
}

/// How a notice looks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.theme")]
pub(in crate::playbook) struct ThemeSpec {
    /// Where the agencies stand: side by side below the headline, in boxes, or one below the other beside the story.
    #[schemars(extend("enum" = super::words(&Partners::ALL, Partners::word), "default" = "row"))]
    pub partners: Option<Placed<String>>,
    /// Colours by day.
    pub light: Option<SchemeSpec>,
    /// Colours by night, for those whose device is set to dark.
    pub dark: Option<SchemeSpec>,
}

/// Colours, each `"#rrggbb"`; those left out stay as they are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.theme.colours")]
pub(in crate::playbook) struct SchemeSpec {
    /// The ground of the page.
    pub paper: Option<Placed<String>>,
    /// The ground of boxes.
    pub tint: Option<Placed<String>>,
    /// Text.
    pub ink: Option<Placed<String>>,
    /// Labels.
    pub soft: Option<Placed<String>>,
    /// Lines between parts.
    pub line: Option<Placed<String>>,
    /// Links, and the ring around what has the focus.
    pub link: Option<Placed<String>>,
    /// The bar above the headline, and the mark of the chosen language.
    pub mark: Option<Placed<String>>,
    /// The ground of the headline.
    pub head: Option<Placed<String>>,
    /// The headline.
    pub head_ink: Option<Placed<String>>,
    /// Labels below the headline.
    pub head_soft: Option<Placed<String>>,
    /// The words above the headline.
    pub head_mark: Option<Placed<String>>,
}

impl SchemeSpec {
    /// The colour that is written for a purpose.
    pub fn written(&self, paint: Paint) -> Option<&Placed<String>> {
        let written = match paint {
            Paint::Paper => &self.paper,
            Paint::Tint => &self.tint,
            Paint::Ink => &self.ink,
            Paint::Soft => &self.soft,
            Paint::Line => &self.line,
            Paint::Link => &self.link,
            Paint::Mark => &self.mark,
            Paint::Head => &self.head,
            Paint::HeadInk => &self.head_ink,
            Paint::HeadSoft => &self.head_soft,
            Paint::HeadMark => &self.head_mark,
        };
        written.as_ref()
    }
}

/// A whole page of an agency's own making, in one language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "notice.page")]
pub(in crate::playbook) struct PageSpec {
    /// Its language; the notice has texts in it.
    pub language: Placed<String>,
    /// The page: HTML in one file, without scripts and outside parts.
    pub file: Placed<FileSpec>,
    /// The `release` step from which it is shown; without it, from the start.
    pub embargo: Option<Placed<String>>,
}

/// A file with the words of a notice in one language.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "texts")]
pub(in crate::playbook) struct TextsSpec {
    /// SHA-256 of the file from which it was translated; the source itself has none.
    pub source_sha256: Option<Placed<String>>,
    /// The one line that everybody reads.
    pub headline: Placed<String>,
    /// What happened; paragraphs.
    pub happened: Placed<Vec<Placed<String>>>,
    /// Who decided it, under which law.
    pub authority: Placed<String>,
    /// What a visitor should do; paragraphs.
    pub visitors: Placed<Vec<Placed<String>>>,
    /// How to object.
    pub objections: Placed<String>,
    /// Name of the court or authority in this language; without it, as the order has it.
    pub order_issuer: Option<Placed<String>>,
    /// The law in this language; without it, as the order has it.
    pub order_statute: Option<Placed<String>>,
    /// Words for each help item, by its short name.
    #[serde(default)]
    pub help: BTreeMap<Placed<String>, ItemTextsSpec>,
    /// Words for each press item, by its short name.
    #[serde(default)]
    pub press: BTreeMap<Placed<String>, ItemTextsSpec>,
}

/// The words of one help or press item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "texts.item")]
pub(in crate::playbook) struct ItemTextsSpec {
    /// Title of the item.
    pub title: Placed<String>,
    /// What it is.
    pub text: Placed<String>,
}
