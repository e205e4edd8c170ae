package understand

import "slices"

// faqTopics are words that tell which of the usual questions is asked when no wording of it is known. The first
// topic with a word in the message counts: who asks to cancel and pay asks about cancelling.
var faqTopics = []struct {
	key   string
	words map[string]bool
}{
	{"parking", wordSet(`parking park motorbike moto coche aparcar parquear estacionar azul garaje car سياره السياره سيارتي طوموبيل العربيه اركن اركنها موقف`)},
	{"cancellation", wordSet(`cancel cancelled cancelling cancellation lose losing notice pull anular anularla cancelo cancelar antelacion avisar
		voy الغي الغيه كنسل kansalt kansal غرامه يروح يضيع ابلغكم اجلت محفوظ خصم`)},
	{"payment", wordSet(`pay paying cash bizum card deposit paypal apple google settle amex express pagar paga pague efectivo plazos abona datafono
		datafonos tarjeta عربون العربون 3arboun ادفع الدفع نقدا نقدي كاش الكاش كاش khalles nkhalles`)},
	{"hours", wordSet(`open opens shut close closes closed working last siesta mondays trabajais abierto abris cerrais festivo
		تشتغلوا بتشتغلوا شغالين فاتحين فاتح تحلو كتسدو بتستقبلوها بلاقيكم tshtaghlon btefta7o fat7een fatheen l3id تفتحون تفتحوا`)},
	{"address", wordSet(`where whereabouts street metro number far pin address calle piso donde dnd estais numero portal chamberi ubicarme
		فين وين اين شارع شارعكم محل بنايه المترو بالميترو الصيدليه fin fein wein jaya ousal`)},
}

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range folded(words) {
		set[w] = true
	}
	return set
}

// sureEnough is how sure, in percent, the main thing must be to outweigh a wording of a question.
const sureEnough = 85

// settleFAQs guesses which question is asked where one is, and drops what only sounded like one.
func (r *reader) settleFAQs() {
	m := &r.meaning
	if m.Confidence >= sureEnough && (Intents(idle).Has(m.Main) || m.Main == Delay || m.Main == SmallTalk) {
		m.FAQs = nil
		r.drop(AskFAQ)
	}
	if m.Main != AskFAQ || len(m.FAQs) > 0 {
		return
	}
	for _, topic := range faqTopics {
		known := slices.ContainsFunc(r.words.faqs, func(f bookFAQ) bool { return f.key == topic.key })
		if known && slices.ContainsFunc(r.tokens, func(t token) bool { return t.among(topic.words) }) {
			m.FAQs = []string{topic.key}
			return
		}
	}
}
