package understand

import (
	"strings"
	"sync"
)

// Arabizi has no spelling: "khamis", "5amis" and "lkhmis" are all الخميس. What they share is their consonants, so
// a word that the list of spellings lacks is looked up by those.

// latinSounds are the consonants of Arabizi, the longer spellings first; an empty one is not heard. A spelling
// with two sounds is tried with each.
var latinSounds = []struct{ spelling, sounds string }{
	{"kh", "x"}, {"gh", "G"}, {"sh", "$"}, {"ch", "$"}, {"th", "t"}, {"dh", "d"}, {"ou", ""}, {"oo", ""}, {"ee", ""},
	{"b", "b"}, {"p", "b"}, {"t", "t"}, {"6", "t"}, {"j", "j"}, {"g", "jq"}, {"7", "H"}, {"h", "hH"}, {"5", "x"}, {"d", "d"}, {"r", "r"},
	{"z", "z"}, {"s", "s"}, {"9", "qs"}, {"3", "3"}, {"8", "G"}, {"f", "f"}, {"v", "f"}, {"q", "q"}, {"k", "k"}, {"c", "k"}, {"2", "Qq"},
	{"l", "l"}, {"m", "m"}, {"n", "n"}, {"x", "x"},
}

// arabicSounds are the consonants of Arabic letters; letters that are not here are vowels or silent.
var arabicSounds = map[rune]byte{
	'ب': 'b', 'ت': 't', 'ط': 't', 'ث': 't', 'ج': 'j', 'ح': 'H', 'خ': 'x', 'د': 'd', 'ذ': 'd', 'ض': 'd', 'ظ': 'd', 'ر': 'r', 'ز': 'z', 'س': 's',
	'ص': 's', 'ش': '$', 'ع': '3', 'غ': 'G', 'ف': 'f', 'ق': 'q', 'ك': 'k', 'ل': 'l', 'م': 'm', 'ن': 'n', 'ه': 'h',
}

// heard are the words looked up by their consonants: days, parts of the day, services and what stands beside times.
var heard = sync.OnceValue(func() map[string]string {
	words := map[string]string{}
	for _, w := range folded(heardWords) {
		if key := arabicSkeleton(w); len(key) > 1 && words[key] == "" {
			words[key] = w
		}
	}
	return words
})

const heardWords = `الخميس الجمعه السبت الاربع الثلاث الاحد الاثنين بكره غدا غدوه اليوم النهارده
	الصبح صباح العصر المغرب الظهر عشيه الليل بالليل الشغل الخدمه
	قبل بعد الساعه ربع نص الاسبوع
	حواجب شارب شنب سيشوار تسريحه حلاقه احلق باديكير مكياج ترطيب صباغه صبغه نصبغ تصفيف قص اقص نقص تدليك اظافر بروشينغ
	نقدم ناخر نبدل نحجز احجز موعد الموعد شعري شعر خلص تقريبا حدود نفس البنت كامله`

// arabicSkeleton is the consonants of an Arabic word without its article.
func arabicSkeleton(word string) string {
	var b strings.Builder
	last := byte(0)
	runes := []rune(strings.TrimPrefix(word, "ال"))
	for i, r := range runes {
		c := arabicSounds[r]
		if c == 0 || c == last || c == 'h' && i == len(runes)-1 {
			continue
		}
		b.WriteByte(c)
		last = c
	}
	return b.String()
}

// fromArabizi is the Arabic word a Latin one sounds like, or empty.
func fromArabizi(word string) string {
	for _, article := range []string{"", "el", "al", "il", "l", "wel", "lel", "bel", "w"} {
		rest, ok := strings.CutPrefix(word, article)
		if !ok || len(rest) < 3 {
			continue
		}
		for _, key := range latinSkeletons(rest) {
			if w := heard()[key]; w != "" && (len(key) > 2 || strings.ContainsAny(key, "H3xG$")) {
				return w
			}
		}
	}
	return ""
}

// latinSkeletons are the consonants a Latin word may stand for.
func latinSkeletons(word string) []string {
	keys := []string{""}
	for i := 0; i < len(word) && len(keys) <= maxSkeletons; {
		size, sounds := 1, ""
		for _, s := range latinSounds {
			if strings.HasPrefix(word[i:], s.spelling) {
				size, sounds = len(s.spelling), s.sounds
				break
			}
		}
		i += size
		if sounds == "" {
			continue
		}
		var next []string
		for _, k := range keys {
			for n := range len(sounds) {
				c := sounds[n : n+1]
				switch {
				case c == "Q", strings.HasSuffix(k, c), (c == "h" || c == "H") && i == len(word) && n == 0:
					next = append(next, k)
				default:
					next = append(next, k+c)
				}
			}
		}
		keys = next
	}
	return keys
}

// maxSkeletons bounds the guesses about one word.
const maxSkeletons = 32
