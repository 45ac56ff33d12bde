### Interface words of the public pages in Hindi (hi).
### en.ftl is the source and says where each stands; README.md has the rules for translators.

# The name of the person who speaks the language and has read the whole page in it, or `nobody`.
reviewed-by = nobody
# The language’s name for itself.
autonym = हिन्दी

## The page as a whole

official-notice = आधिकारिक सूचना
skip = सीधे सूचना पर जाएँ
languages = भाषाएँ
on-this-page = इस पृष्ठ पर

## Who, by whose order, when

issued-by = जारीकर्ता
order-issuer = आदेश देने वाला प्राधिकारी
order-reference = संदर्भ संख्या
order-statute = कानून
seized-on = अभिग्रहण (ज़ब्ती) की तिथि

## Headings

happened = क्या हुआ
authority = कानूनी आधार
agencies = सहभागी एजेंसियाँ
visitors = आप क्या कर सकते हैं
help = प्रभावित लोगों के लिए सहायता
press = प्रेस
objections = आपत्ति कैसे करें
tips = पीड़ित और गवाह

## Help that is to come, and files to download

help-later = अतिरिक्त सहायता यहाँ प्रकाशित की जाएगी।
file-size = आकार
file-digest = SHA-256 चेकसम
file-advice = डाउनलोड की गई फ़ाइल खोलने से पहले उसके चेकसम का मिलान यहाँ दिए गए चेकसम से करें।
size-bytes =
    { $count ->
        [one] { $count } बाइट
       *[other] { $count } बाइट
    }
size-kilobytes = { $count } kB
size-megabytes = { $count } MB

## How to reach someone

email = ईमेल
phone = टेलीफ़ोन
hours = संपर्क का समय

## How to check the notice

check = इस सूचना की प्रामाणिकता जाँचें
check-advice = ऐसे पृष्ठ की नकल कोई भी कर सकता है, इसलिए इसे इसके रूप से न परखें। नीचे दिया गया पता स्वयं टाइप करें और वहाँ मिलने वाली सूचना की संख्या का मिलान इस संख्या से करें।
check-at = जारीकर्ता द्वारा पुष्टि का पता
notice-id = सूचना संख्या
valid-from = वैधता का आरंभ
valid-until = वैधता की समाप्ति
review = आदेश की अगली समीक्षा
check-files = हस्ताक्षरित पाठ, उसमें शामिल नाम, हस्ताक्षर और उन्हें जाँचने के निर्देश
check-keys = एजेंसियों की कुंजियों के फ़िंगरप्रिंट (SHA-256)

## Seals, and where victims turn to

seal = प्रतीक चिह्न
lead-agency = अग्रणी एजेंसी
report-crime = अपने देश की पुलिस को सूचना दें
no-more-ransom = रैनसमवेयर के पीड़ितों के लिए पुलिस बलों और सुरक्षा कंपनियों की ओर से मुफ़्त उपकरण और सलाह।

## A notice that was withdrawn, and the public register of notices

withdrawn-title = यह सूचना वापस ले ली गई है
withdrawn-text = इस पते पर जो सूचना थी वह अब लागू नहीं है। जिन प्राधिकरणों ने इसे प्रकाशित किया था उन्होंने इसे वापस ले लिया है। यह नाम लौटाया जा रहा है और शीघ्र ही किसी अन्य साइट पर ले जा सकता है।
withdrawn-on = वापसी की तिथि
decision = निर्णय
register = सूचनाओं का रजिस्टर
register-about = क्या प्रकाशित, संशोधित, लौटाया और वापस लिया गया। नवीनतम सबसे पहले है।
notices = सूचनाएँ
denials = बैनर जो हमारे नहीं हैं
advisories = संयुक्त परामर्श
dated = तिथि
covers = नाम
given-back = लौटाए गए नाम
names-sealed = शामिल पर अप्रकाशित नाम
names-more = हस्ताक्षरित पाठ में अन्य नाम
seen-on = देखे जाने की तिथि
seen-at = देखे जाने का स्थान
indicators = संकेतक
signed-by = हस्ताक्षरकर्ता
files = फ़ाइलें
signed-text = हस्ताक्षरित पाठ
log-proof = लॉग में प्रविष्टि का प्रमाण
replaced-by = इसका स्थान लिया
withdrawal = वापसी
register-check = यह पृष्ठ हस्ताक्षरित नहीं है; इसमें सूचीबद्ध पाठ हस्ताक्षरित हैं। एजेंसियों की कुंजियाँ स्वयं एजेंसियों से प्राप्त करें, इस निर्देशिका को सहेजें और दर्ज करें:
register-answer = उत्तर बताता है कि पाठ प्रामाणिक है या नहीं, इस रजिस्टर का कोई बाद का पाठ उसका स्थान लेता है या उसे वापस लेता है या नहीं, और एजेंसियाँ आश्वस्त करती हैं या नहीं कि कुछ भी छूटा नहीं है।
