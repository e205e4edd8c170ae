package understand

import "slices"

// arabizi is Arabic written in Latin letters and digits, word by word.
var arabizi = map[string]string{
	"bukra": "بكره", "bokra": "بكره", "bukrah": "بكره", "bokrah": "بكره", "boukra": "بكره", "bukrat": "بكره", "ghadan": "غدا", "bacher": "باكر",
	"elyom": "اليوم", "alyom": "اليوم", "elyoum": "اليوم", "alyoum": "اليوم", "ilyom": "اليوم", "elnaharda": "النهارده", "ennaharda": "النهارده", "innaharda": "النهارده",
	"3ayez": "عايز", "3ayz": "عايز", "3ayza": "عايزه", "3ayzah": "عايزه", "3awz": "عاوز", "3awza": "عاوزه", "3aiza": "عايزه", "ayza": "عايزه",
	"badi": "بدي", "baddi": "بدي", "bedi": "بدي", "biddi": "بدي", "abgha": "ابغي", "abi": "ابي", "aby": "ابي", "abee": "ابي", "ureed": "اريد", "areed": "اريد", "orid": "اريد", "urid": "اريد",
	"a7jez": "احجز", "a7jiz": "احجز", "ahjez": "احجز", "ahjiz": "احجز", "7ajez": "حجز", "7ajz": "حجز", "hajz": "حجز", "7agz": "حجز", "a7gez": "احجز", "ehgez": "احجز",
	"maw3ed": "موعد", "maw3id": "موعد", "mow3ed": "موعد", "mawid": "موعد", "maw3ad": "موعد", "mi3ad": "معاد", "ma3ad": "معاد",
	"na3am": "نعم", "naam": "نعم", "aywa": "ايوه", "aiwa": "ايوه", "aywah": "ايوه", "aywaa": "ايوه", "eywa": "ايوه", "ee": "ايه", "eh": "ايه", "akeed": "اكيد", "akid": "اكيد", "tab3an": "طبعا", "6ab3an": "طبعا", "tamam": "تمام", "tmam": "تمام", "mashi": "ماشي", "mashy": "ماشي", "tayeb": "طيب", "tayib": "طيب", "6ayb": "طيب", "6ayeb": "طيب", "zain": "زين", "zein": "زين", "yalla": "يلا",
	"la2": "لا", "la2a": "لا", "la": "لا", "laa": "لا", "mo": "مو", "mesh": "مش", "mish": "مش", "mush": "مش",
	"shukran": "شكرا", "shokran": "شكرا", "chokran": "شكرا", "shukrn": "شكرا", "mashkoor": "مشكور", "yeslamo": "تسلم", "tislam": "تسلم",
	"marhaba": "مرحبا", "mar7aba": "مرحبا", "ahlan": "اهلا", "ahlein": "اهلين", "salam": "سلام", "assalamu": "السلام", "alaikum": "عليكم", "3alaikum": "عليكم", "3alaykum": "عليكم", "3alaykom": "عليكم", "saba7": "صباح", "sabah": "صباح", "masa2": "مسا", "elkheir": "الخير", "el5er": "الخير", "alkhair": "الخير", "5eir": "الخير",
	"kifak": "كيفك", "kifik": "كيفك", "keefak": "كيفك", "shlonak": "شلونك", "shlonik": "شلونك", "ezayak": "ازيك", "ezayek": "ازيك", "izzayak": "ازيك",
	"esmi": "اسمي", "ismi": "اسمي", "isme": "اسمي", "ana": "انا", "momken": "ممكن", "mumkin": "ممكن", "mumken": "ممكن", "fadlak": "فضلك", "fadlik": "فضلك", "min": "من", "sama7t": "سمحت", "sama7ti": "سمحتي", "law": "لو",
	"eljom3a": "الجمعه", "aljum3a": "الجمعه", "jom3a": "الجمعه", "jum3a": "الجمعه", "elgom3a": "الجمعه", "gom3a": "الجمعه", "jumaa": "الجمعه", "joma": "الجمعه",
	"elsabt": "السبت", "alsabt": "السبت", "essabt": "السبت", "sabt": "السبت", "el7ad": "الاحد", "ala7ad": "الاحد", "a7ad": "الاحد", "elahad": "الاحد", "etnein": "الاثنين", "elitnein": "الاثنين", "itneen": "الاثنين", "el2etnein": "الاثنين", "elethnein": "الاثنين", "talata": "الثلاثاء", "eltalat": "الثلاثاء", "eltalata": "الثلاثاء", "thulatha": "الثلاثاء", "arbe3a": "الاربعاء", "elarbe3": "الاربعاء", "arba3a": "الاربعاء", "el2arbe3": "الاربعاء", "khamis": "الخميس", "elkhamis": "الخميس", "el5amis": "الخميس", "5amis": "الخميس", "khamees": "الخميس",
	"ba3d": "بعد", "ba3ed": "بعد", "2abl": "قبل", "abl": "قبل", "qabl": "قبل", "sa3a": "الساعه", "essa3a": "الساعه", "elsa3a": "الساعه", "alsa3a": "الساعه", "yom": "يوم", "youm": "يوم", "el": "ال", "al": "ال", "3asr": "العصر", "el3asr": "العصر", "duhr": "الظهر", "eldohr": "الظهر", "dohr": "الظهر", "sob7": "الصبح", "elsob7": "الصبح", "essob7": "الصبح", "bel": "بال", "leil": "الليل", "belleil": "بالليل",
	"rob3": "ربع", "rub3": "ربع", "rbe3": "ربع", "rba3": "ربع", "nos": "نص", "noss": "نص", "nuss": "نص", "nus": "نص", "tolt": "ثلث", "se3a": "ساعه", "saa": "ساعه",
	"smiti": "اسمي", "smeyti": "اسمي", "la2abi": "لقبي", "laqabi": "لقبي", "machi": "مو", "lla": "لا",
	"ma": "ما", "awal": "اول", "awwal": "الاول", "elawwal": "الاول", "taneh": "الثانيه", "tanye": "الثانيه", "eltanye": "الثانيه", "btefre2": "تفرق", "bte2re2": "تفرق", "btefro2": "تفرق", "yefre2": "يفرق", "tefre2": "تفرق", "mafi": "مافي", "tani": "الثاني", "eltani": "الثاني", "thani": "الثاني", "althani": "الثاني", "elawal": "الاول", "alawal": "الاول", "akhir": "الاخير", "mawjood": "متاح", "fadi": "فاضي", "muta7": "متاح", "mota7": "متاح",
	"ayy": "اي", "ai": "اي", "7ad": "حد", "7ada": "حدا", "had": "حد", "wa7ed": "واحد", "wa7da": "واحده", "7aga": "حاجه",
	"bikam": "بكم", "bkam": "بكم", "adesh": "قديش", "2adesh": "قديش", "addesh": "قديش", "kam": "كم", "se3r": "سعر", "s3r": "سعر",
	"sha3r": "شعر", "sha3ri": "شعري", "sha3ry": "شعري", "2as": "قص", "2os": "قص", "2oss": "قص", "o2os": "قص", "2e9": "قص", "2a9": "قص", "qas": "قص", "qos": "قص", "2asset": "قصه", "2assit": "قصه", "sha3re": "شعري", "she3r": "شعر", "she3re": "شعري", "sha3er": "شعر", "2ass": "قص", "qass": "قص", "a2os": "اقص", "a2oss": "اقص", "sabgha": "صبغه", "sab8a": "صبغه", "9ab8a": "صبغه", "sabgh": "صبغه",
	"ma3": "مع", "fi": "في", "w": "و", "wa": "و", "bas": "بس", "shu": "شو", "sho": "شو", "shou": "شو", "wein": "وين", "wain": "وين", "fein": "فين", "emta": "امتي", "emtan": "متي", "mata": "متي", "7abibti": "حبيبتي", "habibti": "حبيبتي", "inshallah": "انشالله", "nshalla": "انشالله", "enshalla": "انشالله", "muwazaf": "موظف", "mowazaf": "موظف", "mowazzaf": "موظف", "muwazzaf": "موظف", "halla2": "هلا", "hala2": "هلا", "dilwa2ti": "دلوقتي", "al7een": "الحين", "el7een": "الحين",
	"7amel": "حامل", "7amil": "حامل", "hamel": "حامل", "7asasiya": "حساسيه", "7asaseya": "حساسيه", "hasasiya": "حساسيه",
}

// introducing are the Arabizi words that stand before a name, which nobody is called.
var introducing = []string{"ana", "smiti", "smeyti", "esmi", "ismi", "la2abi", "laqabi", "machi", "lla", "mesh"}

// shared are Arabizi spellings that are also words or names of other languages: they count only in a
// message that is Arabizi anyway.
var shared = []string{
	"la", "ma", "abi", "aby", "ee", "eh", "ana", "min", "law", "el", "al", "ai", "had", "kam", "fi", "w", "wa", "bas", "mo", "mata", "salam", "bel",
	"joma", "abl", "sho", "fadi", "ayza", "naam", "akid", "hamel", "sabah", "ahlan", "tani", "leil", "zain", "zein", "awal", "mesh", "laa", "talata",
}

// speaksArabizi tells whether a message holds a word that only Arabizi has.
func speaksArabizi(tokens []token) bool {
	return slices.ContainsFunc(tokens, func(t token) bool { return arabizi[t.text] != "" && !slices.Contains(shared, t.text) })
}

// arabiziWord is the Arabic word for an Arabizi one, or empty.
func arabiziWord(text string, speaking bool) string {
	if !speaking {
		return ""
	}
	return arabizi[text]
}
