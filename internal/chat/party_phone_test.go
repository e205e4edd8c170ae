package chat

import (
	"slices"
	"testing"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

func TestPhonesInAMessage(t *testing.T) {
	for words, want := range map[string]string{
		"her number is +44 7700 900188":     "+44 7700 900188",
		"0044 7700 900188, thanks":          "0044 7700 900188",
		"(+34) 612-345-678":                 "+34) 612-345-678",
		"su móvil: +34 (612) 345 678":       "+34 (612) 345 678",
		"رقمها ٠٠٩٦٦٥٠١٢٣٤٥٦٧":              "00966501234567",
		"for my mother on 20.10.2026":       "",
		"20/10/2026 at 10:00 or 11:00":      "",
		"at 10:00 20.10.2026":               "",
		"2026-10-20":                        "",
		"her number is 07700 900188":        "",
		"+20":                               "",
		"the order is 00000000012":          "",
		"10.00 1234567 and nothing besides": "",
	} {
		if got := phoneIn(words); got != want {
			t.Errorf("phoneIn(%q) = %q, want %q", words, got, want)
		}
	}
}

// A phone is kept for whom it is said to be of, and for nobody else: not the customer's own, not a date, not a
// national number, not the first of two.
func TestPhoneOfAGuest(t *testing.T) {
	f := maya(world(t))
	mother, sister := models.NewID(), models.NewID()
	visit := func(who models.ID, name string) models.Appointment {
		return models.Appointment{
			ID: models.NewID(), CustomerID: who, BookedByID: f.Customer.ID, ForName: name, Status: models.Confirmed,
			StartsAt: f.Now.AddDate(0, 0, 3), EndsAt: f.Now.AddDate(0, 0, 3), StylistID: f.Menu.Stylists[0].ID,
		}
	}
	f.Guests = []models.Customer{{ID: mother, Relation: "mother"}, {ID: sister, Relation: "sister"}}
	one, both := []models.Appointment{visit(mother, "Samira Nasser")}, []models.Appointment{visit(mother, "Samira Nasser"), visit(sister, "Lola Nasser")}
	hers := understand.Meaning{Intents: understand.Intents{understand.ThirdParty}, OfOther: true}
	ofSister, named, more := hers, hers, hers
	ofSister.Others = []understand.Kin{understand.Sister}
	named.OtherName = &understand.PersonName{Given: "lola"}
	more.FAQs, more.Intents = []string{"parking"}, understand.Intents{understand.ThirdParty, understand.AskFAQ}
	const phone = "+44 7700 900188"
	for name, c := range map[string]struct {
		visits []models.Appointment
		asked  *models.ID
		words  string
		means  understand.Meaning
		want   *models.ID
		says   string
	}{
		"hers":                    {one, nil, "her number is " + phone, hers, &mother, ""},
		"the customer's own":      {one, nil, "my other number is " + phone, understand.Meaning{}, nil, "chat.unclear"},
		"a date":                  {one, nil, "for my mother on 20.10.2026", hers, nil, ""},
		"national":                {one, nil, "her number is 07700 900188", hers, nil, "party.phone.country"},
		"with the code at last":   {one, &mother, phone, understand.Meaning{}, &mother, ""},
		"two, and not said whose": {both, nil, "her number is " + phone, hers, nil, "party.phone.whose"},
		"two, and the sister's":   {both, nil, "my sister's number is " + phone, ofSister, &sister, ""},
		"two, and a name":         {both, nil, "Lola: " + phone, named, &sister, ""},
		"with a question":         {one, nil, "her number is " + phone + ". Where can I park?", more, &mother, "text"},
	} {
		t.Run(name, func(t *testing.T) {
			f := f
			f.Visits, f.FAQs = c.visits, []models.FAQ{{Key: "parking", Answers: models.Text{"en": "Two minutes away."}}}
			heard := Heard{models.Content{Kind: models.KindText, Text: c.words}, c.means}
			state, actions := Step(State{V: stateVersion, Greeted: true, PhoneOf: c.asked}, Event{Facts: f, Language: "en", Heard: &heard})
			var kept *models.ID
			for _, a := range actions {
				if n, ok := a.(NotePhone); ok {
					kept = &n.Customer
				}
			}
			if !sameID(kept, c.want) || c.says != "" && !slices.Contains(keys(actions), c.says) {
				t.Errorf("kept for %v, want %v; %v", kept, c.want, keys(actions))
			}
			if (state.PhoneOf != nil) != (c.says == "party.phone.country") {
				t.Errorf("waits for the phone of %v", state.PhoneOf)
			}
		})
	}
}
