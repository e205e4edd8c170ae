package whatsapp

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"frontdesk/models"
)

// options makes n options with ids and titles of the given lengths.
func options(n, id, title int) []models.Option {
	list := make([]models.Option, n)
	for i := range list {
		mark := strconv.Itoa(i)
		list[i] = models.Option{ID: mark + strings.Repeat("i", id-len(mark)), Title: mark + strings.Repeat("ق", title-len(mark))}
	}
	return list
}

func described(list []models.Option, length int) []models.Option {
	for i := range list {
		list[i].Description = strings.Repeat("d", length)
	}
	return list
}

func TestShapesFollowMetasLimits(t *testing.T) {
	const label = "Options"
	buttons, list := models.KindButtons, models.KindList
	for _, c := range []struct {
		name string
		in   models.Content
		want models.ContentKind
	}{
		{"text", models.Content{Kind: models.KindText, Text: "x"}, models.KindText},
		{"buttons without options", models.Content{Kind: buttons, Text: "x"}, models.KindText},
		{"three buttons at the limit", models.Content{Kind: buttons, Text: "x", Options: options(3, 256, 20)}, buttons},
		{"body at the limit", models.Content{Kind: buttons, Text: strings.Repeat("x", 1024), Options: options(1, 1, 1)}, buttons},
		{"title too long for a button", models.Content{Kind: buttons, Text: "x", ListLabel: label, Options: options(3, 9, 21)}, list},
		{"title too long, no list label", models.Content{Kind: buttons, Text: "x", Options: options(3, 9, 21)}, models.KindText},
		{"emoji count as two", models.Content{Kind: buttons, Text: "x", Options: []models.Option{{ID: "a", Title: strings.Repeat("💇", 11)}}}, models.KindText},
		{"emoji within", models.Content{Kind: buttons, Text: "x", Options: []models.Option{{ID: "a", Title: strings.Repeat("💇", 10)}}}, buttons},
		{"twice the same title", models.Content{Kind: buttons, Text: "x", ListLabel: label, Options: []models.Option{{ID: "a", Title: "Yes"}, {ID: "b", Title: "Yes"}}}, list},
		{"twice the same id", models.Content{Kind: buttons, Text: "x", ListLabel: label, Options: []models.Option{{ID: "a", Title: "Yes"}, {ID: "a", Title: "No"}}}, models.KindText},
		{"empty title", models.Content{Kind: buttons, Text: "x", Options: []models.Option{{ID: "a"}}}, models.KindText},
		{"empty id", models.Content{Kind: buttons, Text: "x", Options: []models.Option{{Title: "a"}}}, models.KindText},
		{"button with a description", models.Content{Kind: buttons, Text: "x", ListLabel: label, Options: described(options(2, 9, 9), 3)}, list},
		{"four options", models.Content{Kind: buttons, Text: "x", ListLabel: label, Options: options(4, 9, 9)}, list},
		{"ten rows at the limit", models.Content{Kind: list, Text: "x", ListLabel: strings.Repeat("l", 20), Options: described(options(10, 200, 24), 72)}, list},
		{"eleven rows", models.Content{Kind: list, Text: "x", ListLabel: label, Options: options(11, 9, 9)}, models.KindText},
		{"row title too long", models.Content{Kind: list, Text: "x", ListLabel: label, Options: options(4, 9, 25)}, models.KindText},
		{"row detail too long", models.Content{Kind: list, Text: "x", ListLabel: label, Options: described(options(4, 9, 9), 73)}, models.KindText},
		{"row id too long", models.Content{Kind: list, Text: "x", ListLabel: label, Options: options(4, 201, 9)}, models.KindText},
		{"label too long", models.Content{Kind: list, Text: "x", ListLabel: strings.Repeat("l", 21), Options: options(4, 9, 9)}, models.KindText},
		{"body too long", models.Content{Kind: list, Text: strings.Repeat("x", 1025), ListLabel: label, Options: options(4, 9, 9)}, models.KindText},
		{"a list of two stays a list", models.Content{Kind: list, Text: "x", ListLabel: label, Options: options(2, 9, 9)}, list},
		{"a list without a label becomes buttons", models.Content{Kind: list, Text: "x", Options: options(2, 9, 9)}, buttons},
	} {
		if got := shapeOf(c.in); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		m, err := Compile(c.in, "+447700900101", "id")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		wire := map[models.ContentKind]string{models.KindText: "text", buttons: "interactive", list: "interactive"}[c.want]
		if m.Type != wire {
			t.Errorf("%s: wire type %s, want %s", c.name, m.Type, wire)
		}
	}
}

func TestCompileWritesMetasJSON(t *testing.T) {
	const head = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"447700900101",`
	const tail = `,"biz_opaque_callback_data":"0192-ours"}`
	for _, c := range []struct {
		name string
		in   models.Content
		want string
	}{
		{"text", models.Content{Kind: models.KindText, Text: "مرحبا"}, `"type":"text","text":{"body":"مرحبا","preview_url":false}`},
		{"text with its link", models.Content{Kind: models.KindText, Text: "Pay https://x/p/1 now", URL: "https://x/p/1"},
			`"type":"text","text":{"body":"Pay https://x/p/1 now","preview_url":true}`},
		{"text without its link", models.Content{Kind: models.KindText, Text: "Pay:", URL: "https://x/p/1"},
			`"type":"text","text":{"body":"Pay:\nhttps://x/p/1","preview_url":true}`},
		{"buttons", models.Content{Kind: models.KindButtons, Text: "Which?", Options: []models.Option{{ID: "a", Title: "16:30"}, {ID: "b", Title: "18:00"}}},
			`"type":"interactive","interactive":{"type":"button","body":{"text":"Which?"},"action":{"buttons":[` +
				`{"type":"reply","reply":{"id":"a","title":"16:30"}},{"type":"reply","reply":{"id":"b","title":"18:00"}}]}}`},
		{"list", models.Content{Kind: models.KindList, Text: "Which?", ListLabel: "Choose", Options: []models.Option{{ID: "a", Title: "Cut", Description: "40 min"}, {ID: "b", Title: "Style"}}},
			`"type":"interactive","interactive":{"type":"list","body":{"text":"Which?"},"action":{"button":"Choose","sections":[{"rows":[` +
				`{"id":"a","title":"Cut","description":"40 min"},{"id":"b","title":"Style"}]}]}}`},
		{"numbered", models.Content{Kind: models.KindButtons, Text: "Which?", Options: []models.Option{{ID: "a", Title: "A very long title that fits nothing"}, {ID: "b", Title: "B", Description: "40 min"}}},
			`"type":"text","text":{"body":"Which?\n1. A very long title that fits nothing\n2. B — 40 min","preview_url":false}`},
		{"template", models.Content{Kind: models.KindTemplate, Template: &models.Template{Name: "visit_stylist", Language: "ar", Values: []string{"سلمى", "12:30"}}},
			`"type":"template","template":{"name":"visit_stylist","language":{"code":"ar"},"components":[{"type":"body","parameters":[` +
				`{"type":"text","text":"سلمى"},{"type":"text","text":"12:30"}]}]}`},
		{"template without values", models.Content{Kind: models.KindTemplate, Template: &models.Template{Name: "hello", Language: "en"}},
			`"type":"template","template":{"name":"hello","language":{"code":"en"}}`},
	} {
		m, err := Compile(c.in, "+447700900101", "0192-ours")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if want := head + c.want + tail; string(got) != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
	}
}

func TestRecipients(t *testing.T) {
	for address, want := range map[string][2]string{
		"+447700900101": {"447700900101", ""},
		"447700900101":  {"447700900101", ""},
		"bsuid:GB.1":    {"", "GB.1"},
	} {
		m, err := Compile(models.Content{Kind: models.KindText, Text: "x"}, address, "id")
		if err != nil || m.To != want[0] || m.Recipient != want[1] {
			t.Errorf("%s: got %q %q, error %v", address, m.To, m.Recipient, err)
		}
	}
}

func TestWhatFitsNothingIsRejected(t *testing.T) {
	for name, c := range map[string]models.Content{
		"empty text":           {Kind: models.KindText},
		"blank text":           {Kind: models.KindText, Text: " \n "},
		"text too long":        {Kind: models.KindText, Text: strings.Repeat("x", 4097)},
		"too long with link":   {Kind: models.KindText, Text: strings.Repeat("x", 4090), URL: "https://x/p"},
		"numbered too long":    {Kind: models.KindList, Text: strings.Repeat("x", 4000), Options: options(20, 9, 30)},
		"template of nothing":  {Kind: models.KindTemplate},
		"template, no name":    {Kind: models.KindTemplate, Template: &models.Template{Language: "en"}},
		"template, empty fact": {Kind: models.KindTemplate, Template: &models.Template{Name: "a", Language: "en", Values: []string{""}}},
		"an inbound kind":      {Kind: models.KindMedia, Text: "x"},
	} {
		_, err := Compile(c, "+447700900101", "id")
		var failed *Error
		if !errors.As(err, &failed) || failed.Kind != Rejected {
			t.Errorf("%s: got %v, want a rejection", name, err)
		}
	}
	if _, err := Compile(models.Content{Kind: models.KindText, Text: "x"}, "", "id"); err == nil {
		t.Error("a message to nobody compiled")
	}
	if _, err := Compile(models.Content{Kind: models.KindText, Text: strings.Repeat("x", 4096)}, "+1", "id"); err != nil {
		t.Errorf("text at the limit: %v", err)
	}
}
