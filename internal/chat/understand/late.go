package understand

import "strings"

// stretch is how a wording says a length of time.
type stretch int

const (
	stretchMinutes stretch = iota // <n> minutes
	stretchHours                  // <n> hours
	stretchQuarter
	stretchThird // Arabic: a third of an hour
	stretchHalf
	stretchThreeQuarters
	stretchHour
	stretchTwoMinutes // Arabic dual
	stretchBare       // <n> where only minutes can be meant
)

// stretches are the wordings of lengths, of all languages.
var stretches = compileStretches()

func compileStretches() (rs rules[stretch]) {
	rs.add(&english, []entry[stretch]{
		{stretchMinutes, `<n> minutes|minute|mins|min|m|mns`},
		{stretchHours, `<n> hours|hour|hrs|hr`},
		{stretchQuarter, `quarter of? an? hour`},
		{stretchHalf, `
			half an? hour
			halfhour`},
		{stretchThreeQuarters, `three quarters of? an? hour`},
		{stretchHour, `an hour`},
		{stretchBare, `
			there|arrive|arriving in|within <n>
			be|running|about|around|by|only <n> late|behind
			late|delayed by? <n>
			late|behind|in|maybe|like|say|another <n> $
			<n> late|behind|away|tops|max|after`},
	})
	rs.add(&spanish, []entry[stretch]{
		{stretchMinutes, `<n> minutos|minuto|minutitos|minuticos|minutillos|min|mins|m`},
		{stretchHours, `<n> horas|hora|h`},
		{stretchQuarter, `
			un? cuarto de|d hora
			cuartito de hora`},
		{stretchHour, `una hora|horita`},
		{stretchHalf, `
			media hora|horita
			halfhour`},
		{stretchThreeQuarters, `tres cuartos de hora`},
		{stretchBare, `
			llego|llegare|estoy|estare|ahi|alli en <n>
			retraso|tarde de? <n>
			en|faltan|como|unos|otros <n> $
			faltan <n>`},
	})
	rs.add(&arabic, []entry[stretch]{
		{stretchMinutes, `<n> دقيقه|دقايق|دقائق|دقيقة|دق|د|minutes|min`},
		{stretchHours, `<n> ساعات`},
		{stretchQuarter, `ربع ساعه`},
		{stretchThird, `ثلث|تلت ساعه`},
		{stretchHalf, `
			نصف|نص ساعه
			halfhour`},
		{stretchHour, `ساعه`},
		{stretchTwoMinutes, `دقيقتين`},
		{stretchBare, `ب <n>`},
	})
	return rs
}

// lateness reads by how much a customer is late, or in how many minutes they come, where a message speaks
// of that. The last figure counts: "fifteen, maybe twenty".
func (r *reader) lateness() {
	if !r.meaning.Intents.Has(Delay) && r.in.Expect != ExpectDelay || r.meaning.DelayMinutes != nil {
		return
	}
	for _, h := range stretches.find(r.message) {
		n := h.means.minutes(h.slots.number)
		if n <= 0 || n > 24*hourMin || h.means == stretchHour && r.tokens[h.start].is("الساعه") {
			continue
		}
		r.meaning.DelayMinutes, r.meaning.FromNow = &n, r.fromNow(h)
		r.take(h.start, h.end)
	}
	if t := r.tokens; r.meaning.DelayMinutes == nil && r.in.Expect == ExpectDelay && len(t) == 1 && t[0].number > 0 {
		n := t[0].number
		r.meaning.DelayMinutes = &n
		r.take(0, 1)
	}
}

func (s stretch) minutes(n int) int {
	switch s {
	case stretchHours:
		return n * hourMin
	case stretchQuarter:
		return 15
	case stretchThird:
		return 20
	case stretchHalf:
		return 30
	case stretchThreeQuarters:
		return 45
	case stretchHour:
		return hourMin
	case stretchTwoMinutes:
		return 2
	default:
		return n
	}
}

// fromNow tells whether a length counts from now: "there in 20 minutes", "20 minutes away".
func (r *reader) fromNow(h hit[stretch]) bool {
	if h.end < len(r.tokens) && r.tokens[h.end].is("away") {
		return true
	}
	for i := max(0, h.start-2); i < h.end; i++ {
		if r.tokens[i].is("in", "within", "another", "en", "dentro", "خلال", "بعد", "كمان", "غضون", "باقي") {
			return true
		}
	}
	return false
}

// Approving tells whether an emoji says yes.
func Approving(emoji string) bool {
	for _, yes := range []string{"👍", "👌", "✅", "🙌", "💪", "❤", "♥", "🙏", "😊", "🥰", "😍"} {
		if strings.HasPrefix(emoji, yes) {
			return true
		}
	}
	return false
}
