package chat

import (
	"strings"
	"testing"

	"frontdesk/internal/chat/understand"
)

// A trace says what was understood and what changed, and repeats neither names nor phones nor the customer's words.
func TestTracesNameNobody(t *testing.T) {
	after := State{
		Stage: StageGuest, Shop: &Shop{Product: "OIL-ARG-100"},
		Request: Request{
			Services: []string{"CUT"}, For: &Guest{Kin: understand.Mother, Name: "Samira", Surname: "Nasser", Phone: "+447700900999"},
			Guests: []Guest{{Kin: understand.Daughter, Name: "Lola", Surname: "Nasser", Services: []string{"STYLE"}}},
		},
	}
	changed, err := differences(State{}, after)
	if err != nil {
		t.Fatal(err)
	}
	meaning, err := said(understand.Meaning{
		Intents: understand.Intents{understand.Book}, Services: []string{"CUT"}, Name: &understand.PersonName{Given: "Samira"},
		OtherName: &understand.PersonName{Given: "Lola", Family: "Nasser"}, Product: "balm", OrderNumber: "LUM-10432",
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(changed) + string(meaning)
	for _, private := range []string{"Samira", "Nasser", "Lola", "447700900999", "balm", "10432"} {
		if strings.Contains(text, private) {
			t.Errorf("%q is in the trace: %s", private, text)
		}
	}
	for _, kept := range []string{"mother", "STYLE", "CUT", "guest", "book", "OtherName"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%q is missing: %s", kept, text)
		}
	}
}
