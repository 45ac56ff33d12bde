### Interface words of the public pages in Chinese (simplified script) (zh-Hans).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = 简体中文

## The page as a whole

official-notice = 官方公告
skip = 跳至公告正文
languages = 语言
on-this-page = 本页内容

## Who, by whose order, when

issued-by = 发布机构
order-issuer = 作出命令的机关
order-reference = 文号
order-statute = 法律
seized-on = 查封日期

## Headings

happened = 事件经过
authority = 法律依据
agencies = 参与机构
visitors = 您可以做什么
help = 受害者援助
press = 新闻发布
objections = 如何提出异议
tips = 受害者与知情人联络

## Help that is to come, and files to download

help-later = 更多援助信息将在此公布。
file-size = 大小
file-digest = SHA-256 校验和
file-advice = 打开下载的文件之前，请将其校验和与此处所示的校验和进行比对。
size-bytes = { $count } 字节
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = 电子邮件
phone = 电话
hours = 受理时间

## How to check the notice

check = 核实本公告的真伪
check-advice = 任何人都可以仿制这样的页面，请勿凭外观判断。请亲自输入以下网址，并将该处所载的公告编号与本编号进行比对。
check-at = 发布机构确认网址
notice-id = 公告编号
valid-from = 生效时间
valid-until = 失效时间
review = 命令的下次复核
check-files = 经签名的文本、所涉域名、签名及核验方法
check-keys = 各机构密钥的指纹（SHA-256）

## Seals, and where victims turn to

seal = 徽章
lead-agency = 牵头机构
report-crime = 向您所在国家的警方报案
no-more-ransom = 由警方和安全公司为勒索软件受害者免费提供的工具和建议。

## A notice that was withdrawn, and the public register of notices

withdrawn-title = 本公告已撤回
withdrawn-text = 原载于此网址的公告已不再有效。发布该公告的机关已将其撤回。该域名正在返还，不久后可能指向其他网站。
withdrawn-on = 撤回日期
decision = 决定
register = 公告登记册
register-about = 已发布、变更、返还和撤回的内容。最新内容排在最前。
notices = 公告
denials = 并非本机构发布的横幅
advisories = 联合通告
dated = 日期
covers = 所涉名称
given-back = 已返还的名称
names-sealed = 涉及但未公布的名称数
names-more = 签名文本中的其他名称数
seen-on = 发现日期
seen-at = 发现位置
indicators = 威胁指标
signed-by = 签名者
files = 文件
signed-text = 经签名的文本
log-proof = 日志记录的证明
replaced-by = 取代者
withdrawal = 撤回
register-check = 本页面未经签名，其所列文本则已签名。请直接向各机构获取其密钥，保存此目录，然后输入：
register-answer = 结果会说明该文本是否真实、本登记册中是否有后续文本将其取代或撤回，以及各机构是否保证没有遗漏。
