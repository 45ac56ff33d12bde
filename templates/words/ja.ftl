### Interface words of the public pages in Japanese (ja).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = 日本語

## The page as a whole

official-notice = 公式告知
skip = 告知の本文へ移動
languages = 言語
on-this-page = このページの内容

## Who, by whose order, when

issued-by = 発行機関
order-issuer = 命令の発出者
order-reference = 事件番号
order-statute = 根拠法令
seized-on = 差押えの日

## Headings

happened = 概要
authority = 法的根拠
agencies = 参加機関
visitors = 皆様へのご案内
help = 被害に遭われた方への支援
press = 報道発表
objections = 不服の申立て
tips = 被害者および情報をお持ちの方の窓口

## Help that is to come, and files to download

help-later = 追加の支援情報は、このページで公表します。
file-size = サイズ
file-digest = SHA-256 チェックサム
file-advice = ダウンロードしたファイルを開く前に、そのチェックサムをここに示すものと照合してください。
size-bytes = { $count } バイト
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = 電子メール
phone = 電話
hours = 受付時間

## How to check the notice

check = この告知が本物であることの確認
check-advice = このようなページは誰でも複製できます。見た目で判断せず、下記のアドレスをご自身で入力し、そこに掲載されている告知番号がこの番号と一致することを確認してください。
check-at = 発行機関による確認ページ
notice-id = 告知番号
valid-from = 有効期間の開始
valid-until = 有効期間の終了
review = 命令の次回見直し
check-files = 署名された文書、対象のドメイン名、署名および確認の手順
check-keys = 各機関の鍵のフィンガープリント（SHA-256）

## Seals, and where victims turn to

seal = 紋章
lead-agency = 主導機関
report-crime = お住まいの国の警察への通報
no-more-ransom = ランサムウェアの被害者のための無料のツールと助言です。各国の警察とセキュリティ企業が提供しています。

## A notice that was withdrawn, and the public register of notices

withdrawn-title = この告知は撤回されました
withdrawn-text = このアドレスに掲載されていた告知は、すでに効力を失っています。掲載した当局がこれを撤回しました。この名前は返還の手続き中であり、近く別のサイトにつながることがあります。
withdrawn-on = 撤回日
decision = 決定
register = 告知の登録簿
register-about = 公表、変更、返還および撤回の記録です。新しいものから順に並んでいます。
notices = 告知
denials = 当局のものではない掲示
advisories = 共同の注意喚起
dated = 日付
covers = 対象の名前
given-back = 返還された名前
names-sealed = 公表していない対象の名前の数
names-more = 署名された文書にあるその他の名前の数
seen-on = 確認された日
seen-at = 確認された場所
indicators = 脅威の指標
signed-by = 署名者
files = ファイル
signed-text = 署名された文書
log-proof = ログに記録されていることの証明
replaced-by = 差し替え後の告知
withdrawal = 撤回
register-check = このページには署名がありませんが、一覧にある文書には署名があります。各機関の鍵を各機関から直接入手し、このディレクトリを保存して、次のように入力してください：
register-answer = 回答では、文書が本物であるか、この登録簿の後の文書がそれを差し替えまたは撤回しているか、欠けているものがないことを各機関が保証しているかが示されます。
