//! What can be wrong with a playbook: one table of codes, and the problems that were found.

use std::fmt;

use super::Id;
use super::source::{Place, Source, SourceId};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The playbook cannot be used.
    Error,
    /// It can be used; someone should look.
    Warning,
}

impl Severity {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The table of all codes: variant, number, name, severity, title, explanation.
macro_rules! codes {
    ($($variant:ident $number:literal $name:literal $severity:ident $title:literal $text:literal)*) => {
        /// A kind of problem, with a number that never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $variant,)*
        }

        impl Code {
            /// All of them, by number.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The number that never changes: `P001`.
            pub fn number(self) -> &'static str {
                match self { $(Self::$variant => $number,)* }
            }

            /// The name: `toml-syntax`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// One line: what it is.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// A paragraph: what it means and what to do.
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

codes! {
    Syntax "P001" "toml-syntax" Error
        "The file is not TOML at this place."
        "A playbook is written in TOML (https://toml.io). Often a quotation mark, a bracket or an equals sign is missing, or the same key stands twice in one table. The rest of the file was still read for unknown keys and wrong types; what it says is checked once the whole is TOML."
    UnknownKey "P002" "unknown-key" Error
        "The language has no such key here."
        "A key that is not known would be ignored, and what its author meant would not happen; so it is refused. Correct the spelling or remove it. docs/playbook.md lists every key of every table."
    MissingKey "P003" "missing-key" Error
        "A key that must be there is missing."
        "The table has no meaning without this key. The hour of the operation, the expiry of an order, the digest of a document and the like have no default on purpose: someone has to decide them."
    WrongType "P004" "wrong-type" Error
        "The value is of another type than the key takes."
        "Texts stand in quotation marks; times, numbers and true or false stand without; several values stand in brackets."
    UnknownWord "P005" "unknown-word" Error
        "The value is not one of the words that the key takes."
        "Some keys take one of a few words, such as the actions or the kinds of order. The message lists them."
    Identifier "P006" "bad-identifier" Error
        "A short name has other characters than a-z, 0-9 and hyphens, or is longer than 40."
        "Short names stand in file names, in the log and in narrow tables, so they are kept plain: lower-case letters, digits and hyphens inside, at most 40 characters."
    DuplicateIdentifier "P007" "duplicate-identifier" Error
        "Two things of the same kind have the same short name."
        "A reference to the name could mean either. Rename one of them and the references that mean it."
    UnknownReference "P008" "unknown-reference" Error
        "Nothing in the playbook has the name that is referred to."
        "The value names an agency, an order, a notice, a list, a sinkhole, a step or a role that the playbook does not define. Correct the spelling or add what is missing."
    Time "P009" "bad-time" Error
        "The time is not a whole second in UTC."
        "Every time is written in UTC, ends in Z and has no fraction of a second: 2027-03-16T11:30:00Z. A time with an offset or without one is read differently by different people, and orders are measured in minutes."
    Duration "P010" "bad-duration" Error
        "The duration is not a number and one of s, m, h, d."
        "A duration is a whole number above zero and a unit: \"90s\", \"30m\", \"2h\", \"3d\". At most 365 days."
    Text "P011" "bad-text" Error
        "A text is empty or holds characters that do not show as they are."
        "Control characters and the characters that change the writing direction can make a page or a terminal show something else than what was signed. They are refused everywhere. Right-to-left languages need none of them: the page sets the direction."
    Country "P012" "bad-country" Error
        "The country is not two capital letters."
        "Countries and jurisdictions are written as ISO 3166-1 alpha-2 codes: NL, DE, JP."
    Language "P013" "bad-language" Error
        "The text is not a language tag in its canonical form."
        "Languages are written as BCP 47 tags in canonical form: en, ja, zh-Hans, pt-BR. The message shows the canonical form when there is one. A country's code is not a language: Japanese is ja, not jp."
    Address "P014" "bad-address" Error
        "The text is not an IP address, or not one that can be reached."
        "Addresses are IPv4 or IPv6 without brackets; with a port they are written 192.0.2.1:53 or [2001:db8::1]:53. Unspecified, multicast and broadcast addresses and port 0 name no machine."
    Url "P015" "bad-url" Error
        "The text is not an https address with a host name."
        "Addresses shown to the public and the addresses of RDAP services start with https:// and a host name, have no user name, space or quotation mark in them, and are at most 2000 characters long."
    Email "P016" "bad-email" Error
        "The text is not an e-mail address."
        "An e-mail address is a local part of ASCII letters, digits and ._%+-, an @ and a domain name."
    Number "P017" "bad-number" Error
        "The number is zero or too large to mean anything."
        "At least one approval, one agency and one signature are needed, and no more than a thousand can be."
    Path "P020" "bad-path" Error
        "The path leaves the directory of the operation."
        "Files are named by relative paths below the directory of playbook.toml, without `..`, and may not be links that lead out of it: so that a copy of the directory is the whole operation."
    FileMissing "P021" "file-missing" Error
        "The file does not exist."
        "The playbook names a file that is not there. Paths start at the directory of playbook.toml."
    FileUnreadable "P022" "file-unreadable" Error
        "The file exists, but cannot be read or used."
        "It may be a directory or another kind of thing, its permissions may keep this program out, or it may not be UTF-8 where text is needed."
    FileTooLarge "P023" "file-too-large" Error
        "The file is larger than such a file may be."
        "Bounds keep a mistaken or hostile file from filling memory: 256 KiB for a text file, 256 MiB for a document, 512 MiB for a list."
    DigestForm "P024" "bad-digest" Error
        "The digest is not 64 lower-case hexadecimal digits."
        "A digest is what `sha256sum FILE` prints before the file's name."
    DigestDiffers "P025" "digest-differs" Error
        "The file's digest is another one than the playbook says."
        "The file was changed after the playbook was written, or the digest was copied from another file. Find out which one was meant and approved. Only if the file is the right one, write the digest that the message shows."
    Name "P030" "bad-name" Error
        "The text is not a domain name."
        "Domain names are letters, digits, hyphens and dots, or an international name. Addresses are not names: a server is a target of its own, `server = \"192.0.2.7:443\"`."
    Onion "P031" "bad-onion" Error
        "The text is not a version 3 onion name, or its checksum is wrong."
        "An onion name is 56 characters and .onion, and holds a checksum. When it is wrong, at least one character was mistaken: copy the name again from the evidence."
    OnionInDns "P032" "onion-in-dns" Error
        "An onion service is treated as if it were in the DNS, or a domain name as if it were not."
        "Onion services have no registry, no name servers and no addresses, and their names are never looked up in the DNS (RFC 7686). Their action is `onion` and no other; and `onion` is for them only."
    DuplicateTarget "P033" "duplicate-target" Error
        "The same target stands in the playbook more than once."
        "A name, onion service or server can have one action under one order. Remove one of the two. Lists are compared with each other and with the targets."
    PublicSuffix "P034" "public-suffix" Error
        "The name is a public suffix: under it, names of many owners are registered."
        "Seizing co.uk or a hosting company's shared domain would take down everyone below it. Name the tenants' own names instead."
    PrivateSuffix "P035" "private-suffix" Warning
        "The name belongs to a host with many tenants."
        "The name stands below a suffix that a company lets to many customers. The registry cannot act on it; the company can. Make sure that the order is addressed to the company and that the action suits."
    MixedScripts "P036" "mixed-scripts" Warning
        "One label of the name mixes scripts and may look like another name."
        "A label with, say, Latin and Cyrillic letters may be a look-alike of the name that is meant. Compare its A-label form, xn--…, with the evidence character by character."
    Subject "P037" "target-subject" Error
        "The target does not say what it is, or its action does not suit it."
        "A target has either a name or a server. `offline` needs a server; every other action needs a name."
    Lacks "P038" "lacks" Error
        "Something that the action or work needs is missing."
        "redirect and onion need a notice, onion also needs exclusivity; host needs a notice and addresses; sinkhole needs a sinkhole. In steps, instruct needs actions and confirm needs what. A reporting point needs url or phone, and hours-in needs hours."
    Excess "P039" "excess" Error
        "Something is given that the action or work does not use."
        "What is not used would be ignored, and what its author meant would not happen. Remove it, or correct the action."
    ListLine "P040" "list-line" Error
        "A line of a list cannot be used."
        "Every line of a list is one domain name, or CSV whose first column is one. Blank lines and lines that start with # are skipped. At most 20 bad lines of a list are shown, the rest is counted."
    NameServerInTarget "P041" "name-server-in-target" Error
        "A name server that is to be used stands below a name that is to be seized."
        "When the name moves, the name server's own address moves or vanishes with it, and every delegation to it breaks. Use name servers under a domain that the operation does not touch."
    NoRegistry "P042" "no-registry" Warning
        "No registry is given for the zone in which a target is delegated."
        "Without it, nobody is told to act, and neither the parent's name servers nor RDAP can be asked directly. Add a [[registry]] with the zone."
    NoNameServers "P043" "no-name-servers" Error
        "Delegations are to be moved, but there are no name servers to move them to."
        "`redirect` moves delegations to the playbook's own name servers: add at least one [[name-server]] with its addresses. A sinkhole has name servers of its own. Two are usual, since many registries refuse one."
    NoNoticeHost "P044" "no-notice-host" Error
        "A notice is to be shown, but there is no machine to serve it."
        "`redirect` and `onion` targets lead to the playbook's notice hosts: add at least one [[notice-host]]."
    PrivateAddress "P045" "private-address" Warning
        "The public is led to an address that the public does not reach."
        "Loopback, private, link-local and carriers' own addresses mean another machine in every network, and in most of them none: visitors would see nothing, or what somebody in their own network shows. A name server or notice host of the playbook has an address of the public internet. The addresses set aside for documentation lead nowhere and are not warned of, since examples and rehearsals use them. Notice hosts of an operation on onion services alone may be on loopback, for there tor hands visitors on."
    OutsideScope "P050" "outside-scope" Error
        "The order does not cover the target."
        "An order covers exactly the names, subtrees, lists and servers in its scope. Do not widen the scope here: it repeats what the order says. If the order names the target, add it to the scope; if it does not, an order that does is needed."
    ActionNotAllowed "P051" "action-not-allowed" Error
        "The order does not allow the action."
        "The scope of an order lists the actions it allows. An order to redirect a name is not an order to suspend it."
    OrderExpired "P052" "order-expired" Error
        "The order has expired at the hour."
        "Nothing can be done under it when the operation starts. Have it extended or move the hour."
    OrderNotYet "P053" "order-not-yet" Error
        "The order is not in force yet at the hour."
        "Nothing can be done under it when the operation starts. Move the hour, or correct the date of the order."
    OrderPeriod "P054" "order-period" Error
        "The order expires before it is issued."
        "One of the two times is mistaken; compare them with the document."
    ReviewDate "P055" "review-date" Error
        "The review is not between the order's issue and its expiry."
        "A review after the order's end comes too late, one before its beginning too early; compare it with the document."
    OrderEndsFirst "P056" "order-ends-first" Warning
        "The order expires before the notice does."
        "Visitors would read that a name is seized under an order that is no longer in force. End the notice with the order, and renew both."
    EvidenceOld "P057" "evidence-old" Warning
        "The list of targets was last held against evidence long before the hour."
        "Names change hands. Innocent owners have lost theirs because a list was months old. Look again who uses each name, then write the date at which that was done."
    EvidenceAfterHour "P058" "evidence-after-hour" Error
        "The evidence is dated after the hour."
        "The targets are held against evidence before the operation; one of the two times is mistaken."
    SubdomainsOutside "P059" "subdomains-outside" Warning
        "A notice speaks for all names below a target, and the order names the target alone."
        "With `subdomains = true` the signed notice covers every name below its names. Where the order covers them as well, write the target under `subtrees` in its scope; where it does not, leave `subdomains` out."
    TextMissing "P060" "text-missing" Error
        "A language lacks words that the notice needs."
        "Every language has the same parts: headline, what happened, authority, what visitors do, objections, and a title and text for each help and press item. Have the missing part translated."
    TextExtra "P061" "text-extra" Error
        "A language has words for an item that the notice does not have."
        "They would never be shown. Remove them, or add the item to the notice."
    NoDefaultTexts "P062" "no-default-texts" Error
        "There are no texts in the default language."
        "Visitors who ask for none of the notice's languages get the default one, so it must be there."
    VerifyAt "P063" "verify-at" Error
        "The page that tells how to check the notice is not on the issuer's own domain."
        "Anyone can copy a notice together with instructions that lead to a forger's page. Visitors can trust the instructions only where the agency itself publishes."
    NoticePeriod "P064" "notice-period" Error
        "The notice's validity is empty or does not hold at the hour."
        "A notice is valid from not-before to before not-after, begins at the hour or earlier, not before its order was issued, and ends after the hour."
    NoticeAgencies "P065" "notice-agencies" Error
        "The notice's agencies do not include its issuer, or name one twice."
        "The agencies listed are shown on the notice and asked to sign it; the issuer is always one of them."
    EmbargoStep "P066" "embargo-step" Error
        "The embargo does not end with a release step."
        "What is under embargo is published by a step with do = \"release\"; name that step."
    EmbargoDigest "P067" "embargo-digest" Error
        "Something under embargo has no file and digest yet."
        "A countdown to something that does not exist yet is a promise that may fail in public. What is to be released must exist, be approved and be fixed by its digest before the operation."
    NoObjections "P068" "no-objections" Warning
        "Visitors are shown a notice and not told where to object."
        "Whoever loses a name by mistake must find someone to write to on the page itself. Add a [[contact]] with purpose = \"objections\"."
    StepCycle "P070" "step-cycle" Error
        "Steps wait for each other in a circle."
        "None of them could ever start. Remove one of the needs."
    NoCheckBefore "P071" "no-check-before" Error
        "A step changes the world, and no check comes before it."
        "Before anything is changed, a step with do = \"check\" looks whether the world is as the plan assumes, and stops when it is not. Let this step need it, directly or through other steps."
    NoVerify "P072" "no-verify" Warning
        "Nothing verifies the result after a change."
        "Without a step with do = \"verify\" that needs the change, nobody knows whether visitors see what was ordered."
    Approvals "P073" "approvals-impossible" Error
        "More approvals are asked for than can be had."
        "The plan could never be approved: there are fewer approvers, fewer agencies, or nobody in a role."
    BeforeHour "P074" "before-hour" Error
        "A step that changes the world is to start before the hour."
        "The hour is the moment before which nothing may change. Move the step or the hour."
    ActionWithoutStep "P075" "action-without-step" Warning
        "Targets have an action that no step instructs."
        "Nothing would happen to them. Add the action to a step with do = \"instruct\"."
    NoTargets "P076" "no-targets" Error
        "The playbook has no targets."
        "An operation without a [[target]] or a [[list]] does nothing."
    StartTwice "P077" "start-twice" Error
        "The step says twice when it starts."
        "Give either not-before or after-hour."
    Key "P080" "bad-key" Error
        "The text is not a usable public key."
        "Keys are written as verifier keys: NAME+ID+KEY, as `impound key show` prints them. The eight digits in the middle are derived from the rest, so a copying mistake shows."
    KeyHost "P081" "key-host" Error
        "The key's name does not begin with the agency's domain."
        "Whoever reads a signature sees the key's name. A key named police.example/notice belongs to the agency whose domain is police.example and to no other."
    KeyReused "P082" "key-reused" Error
        "The same key serves two purposes or two people."
        "A key that signs notices must not approve plans, and two approvers with one key are one approver. Make a key for each."
    WitnessKey "P083" "witness-key" Error
        "The key of a witness is of another kind."
        "A witness signs a checkpoint together with the time at which it saw it, and its key is marked for that: `impound key new DOMAIN/witness` makes such a key. A key for notices, plans or a log never counts as a witness's."
    PlainWitness "P084" "plain-witness" Warning
        "A witness is asked without encryption."
        "Cosignatures cannot be forged on the way, but whoever listens learns that the log exists, how it is called and when it grows. Use https, or see that the way to the witness is encrypted otherwise."
    OwnWitness "P085" "own-witness" Error
        "The agency that leads witnesses its own log."
        "Whoever could take back or fork the log could then cosign that too. A witness is somebody else: another agency, or a court."
    HourPassed "P090" "hour-passed" Warning
        "The hour has passed."
        "The playbook is checked on a day after its hour. A new run needs a new hour, and orders in force then."
    NoWords "P100" "no-words" Error
        "The page's own words are not translated into the language."
        "Headings and labels stand around the notice's texts, and a page in two languages is for nobody. Leave the language out, or add a catalogue of words; templates/words/README.md in the source of this program says how. A tag with a region, such as pt-BR, uses the words of its language."
    NotReviewed "P101" "not-reviewed" Warning
        "Nobody vouches for the page in this language."
        "A mistranslated notice can accuse someone, or send a victim to the wrong place. Have somebody who speaks the language read the whole page, headings and labels too, and name them in [notice.reviewed-by]. The words that come with this program say themselves whether a person has reviewed them; as long as none has, every language needs a reviewer, the source as well."
    OutOfDate "P102" "out-of-date" Warning
        "The texts are a translation of an older source, or do not say of which."
        "The digest ties a translation to the text that it was made from. When the source changes, whoever reads another language goes on reading what was said before. Hold the translation against the source once more, then write the source's present digest, as sha256sum prints it, into source-sha256."
    LongTexts "P103" "long-texts" Warning
        "Printed, the notice in this language takes more than one sheet."
        "A notice is handed over, posted and filed on paper, where a second sheet is lost. Its page prints on one, with the help and what is needed to check it, as long as the texts of a language together are not much longer than 2,150 letters: what happened, what visitors can do, the legal basis, how to object, and the items of help. Characters as wide as two letters, such as Chinese and Japanese ones, count twice. Many agencies or reporting points leave less room: print the page to be sure."
    Seal "P110" "seal-refused" Error
        "A seal is not a picture that can stand in the page."
        "A seal stands inside every page, so it may neither run nor fetch anything. An SVG may hold shapes, gradients and clips, and no scripts, styles, texts, links, animations, outside references, entities or metadata of drawing programs: export it as plain SVG, with texts turned into paths. A PNG may hold its pixels and palette and no metadata, since that tells who made it where. Each has 64 KiB at most, all seals of a notice 384 KiB as they stand in the page."
    Colour "P111" "bad-colour" Error
        "The text is not a colour."
        "Colours are written as # and six hexadecimal digits, two each for red, green and blue: \"#0d2238\"."
    Contrast "P112" "low-contrast" Error
        "Something on the page cannot be read in these colours by everyone."
        "WCAG 2.2 level AA asks for a contrast of 4.5 to 1 between text and its ground, and of 3 to 1 for marks that tell something (success criteria 1.4.3 and 1.4.11). Colours by day and by night are checked alike. The message says the contrast that was found and the one that is needed; the help shows the nearest shade that has it."
    OwnPageUnsafe "P113" "own-page-unsafe" Error
        "A page of your own runs something, fetches something, or holds what would not be shown."
        "The server lets no script, frame or form run and fetches nothing for a page, so whatever needs that would be missing before visitors' eyes. Pictures stand in the page as data: addresses, styles in style elements. Links may lead anywhere over https."
    OwnPageIncomplete "P114" "own-page-incomplete" Error
        "A page of your own lacks what every page has."
        "A page begins with <!DOCTYPE html>, says its language in <html lang=…> (and dir=\"rtl\" where that language is written from right to left) and has a title: screen readers, translators and browsers go by these."
    OwnPageSilent "P115" "own-page-silent" Warning
        "A page of your own does not say how to check it, or where to write to."
        "A page that anyone could have made convinces nobody. Link to the page in verify-at or to /.well-known/seizure-notice/, and name the contacts for objections and tips."
    OwnPageMixed "P116" "own-page-mixed" Warning
        "Some visitors do not see a page of your own, or not what was released."
        "Languages without a page of their own show ours, in another design. What a release step announces appears on our pages by itself; a page of your own needs a second version, with that step as its embargo."
}

impl Code {
    /// The code of that number or name, in any case: `P001`, `p001`, `toml-syntax`.
    pub fn find(text: &str) -> Option<Self> {
        let wanted = text.to_ascii_lowercase();
        Self::ALL.iter().copied().find(|code| code.name() == wanted || code.number().to_ascii_lowercase() == wanted)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub code: Code,
    /// Where.
    pub place: Place,
    /// What, in one line.
    pub message: String,
    /// What to write instead, in one line.
    pub help: String,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
}

impl Problem {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Problems as they are found, and the texts they point into.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub found: Vec<Problem>,
    pub sources: Vec<Source>,
}

impl Problems {
    pub fn source(&mut self, source: Source) -> SourceId {
        self.sources.push(source);
        SourceId(self.sources.len() - 1)
    }

    pub fn add(&mut self, code: Code, place: impl Into<Place>, message: impl Into<String>, help: impl Into<String>) {
        let (place, message, help) = (place.into(), message.into(), help.into());
        self.found.push(Problem { code, place, message, help, related: Vec::new() });
    }

    /// The latest problem also concerns another place.
    pub fn also(&mut self, place: impl Into<Place>, label: impl Into<String>) {
        if let Some(last) = self.found.last_mut() {
            last.related.push((place.into(), label.into()));
        }
    }
}

/// ``write `needs` `` or, when nothing is near, what may be written.
pub(super) fn suggest<'a>(wrong: &str, known: impl Iterator<Item = &'a str> + Clone, nothing: &str) -> String {
    /// More words than a person reads are not listed.
    const LISTED_MAX: usize = 20;
    match (nearest(wrong, known.clone()), known.clone().next()) {
        (Some(word), _) => format!("did you mean `{word}`?"),
        (None, Some(_)) => {
            let mut words: Vec<_> = known.take(LISTED_MAX + 1).map(|word| format!("`{word}`")).collect();
            if words.len() > LISTED_MAX {
                words.truncate(LISTED_MAX);
                words.push("…".into());
            }
            format!("write one of {}", words.join(", "))
        }
        (None, None) => nothing.to_owned(),
    }
}

/// The word that was meant, if one is near enough.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let (steps, word) = known.map(|word| (distance(wrong, word), word)).min()?;
    (steps <= 1 + word.chars().count() / 4).then_some(word)
}

/// Edit distance (insert, delete, replace, swap of neighbours), with long inputs taken as far apart.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(Id::CHARS_MAX).collect(), b.chars().take(Id::CHARS_MAX).collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, j) + usize::from(from != to)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_its_own_number_and_name_and_is_found_by_both() {
        let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.number()).collect();
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!((numbers.len(), names.len()), (Code::ALL.len(), Code::ALL.len()));
        assert!(Code::ALL.is_sorted_by_key(|code| code.number()));
        for code in Code::ALL {
            assert_eq!(Code::find(code.number()), Some(*code));
            assert_eq!(Code::find(&code.name().to_uppercase()), Some(*code));
            assert!(code.title().ends_with('.') && code.explanation().ends_with(['.', ')']), "{code}");
        }
        assert_eq!(Code::find("P999"), None);
    }

    #[test]
    fn a_near_word_is_suggested_and_a_far_one_is_not() {
        let words = ["needs", "not-before", "after-hour"];
        for (wrong, help) in [
            ("need", "did you mean `needs`?"),
            ("nedes", "did you mean `needs`?"),
            ("not-befroe", "did you mean `not-before`?"),
            ("colour", "write one of `needs`, `not-before`, `after-hour`"),
        ] {
            assert_eq!(suggest(wrong, words.into_iter(), ""), help);
        }
        assert_eq!(suggest("x", [].into_iter(), "add one"), "add one");
    }
}
