package ui

import (
	"bytes"
	"context"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func drawn(t *testing.T, table Table) *goquery.Document {
	t.Helper()
	var out bytes.Buffer
	if err := List(table).Render(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// A list says what it is in each of its states: nothing yet, nothing that matches, not readable, lines.
func TestListStates(t *testing.T) {
	full := Table{
		ID: "trial", Caption: "Trials", Columns: []Column{{Key: "name", Label: "Name", Sort: "?sort=-name", Order: "ascending"}, {Key: "price", Label: "Price", End: true}},
		Rows: []Row{{ID: "7", URL: "/seven", Label: "Seven", Cells: []Cell{{Text: "Seven"}, {Text: "7.00", Code: true}}}, {Label: "Fixed", Cells: []Cell{{Text: "Fixed"}, {}}}},
		Bulk: []BulkAct{{Label: "Retire", URL: "/retire", Tone: Danger}}, Next: "?after=x",
	}
	empty, narrow, failed := full, full, full
	empty.Rows, empty.Empty = nil, EmptyList{Title: "None yet", URL: "/new", Label: "Add"}
	narrow.Rows, narrow.Narrow, narrow.Clear, narrow.NoMatch = nil, true, "/all", EmptyList{Title: "No match"}
	failed.Failed = "request-1"
	for name, c := range map[string]struct {
		table Table
		has   map[string]int
	}{
		"lines": {full, map[string]int{
			`th[aria-sort=ascending] a[href="?sort=-name"]`: 1, `td.end`: 2, `td[data-label=Name] a.row-link[href="/seven"]`: 1, `td.is-empty`: 1, `bdi[dir=ltr]`: 1,
			`form#trial-bulk[method=get] button[formaction="/retire"]`: 1, `input[type=checkbox][name=id][value="7"][form="trial-bulk"]`: 1, `tbody input`: 1,
			`caption`: 1, `a[rel=next]`: 1, `a[rel=prev]`: 0, `.empty`: 0,
		}},
		"nothing yet":      {empty, map[string]int{`.empty a[href="/new"]`: 1, `table`: 0}},
		"nothing matching": {narrow, map[string]int{`.empty a[href="/all"]`: 1, `table`: 0}},
		"not readable":     {failed, map[string]int{`.empty bdi.mono`: 1, `table`: 0}},
	} {
		doc := drawn(t, c.table)
		for selector, want := range c.has {
			if got := doc.Find(selector).Length(); got != want {
				t.Errorf("%s: %d of %s, want %d", name, got, selector, want)
			}
		}
	}
}

// Fields say what they are, what is asked and what is wrong, to everybody.
func TestFieldsAreLabelled(t *testing.T) {
	form := Form{Prefix: "d-", Values: map[string][]string{"name": {"Maya"}, "kind": {"b"}}, Errors: []FormError{{Field: "d-name", Text: "Too long"}}}
	ctx := context.Background()
	var out bytes.Buffer
	options := []Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Hint: "The second"}}
	for _, err := range []error{
		Input(form.Bind(ctx, Field{Name: "name", Max: 80, Hint: "As on the card", Autocomplete: "name"})).Render(ctx, &out),
		Radios(form.Bind(ctx, Field{Name: "kind", Options: options})).Render(ctx, &out),
		Select(form.Bind(ctx, Field{Name: "pick", Optional: true, Options: options})).Render(ctx, &out),
		Texts(form, Field{Name: "words", Max: 20}).Render(ctx, &out),
		Input(Form{Values: map[string][]string{"password": {"hunter2"}}}.Bind(ctx, Field{Name: "password", Type: "password"})).Render(ctx, &out),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	doc, err := goquery.NewDocumentFromReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	for selector, want := range map[string]int{
		`label[for=d-name]`: 1, `input#d-name[name=name][value=Maya][maxlength="80"][autocomplete=name][required][aria-invalid=true][aria-describedby^="d-name-error d-name-hint"]`: 1,
		`p#d-name-error`: 1, `fieldset legend`: 2, `input[type=radio][name=kind][checked][value=b]`: 1, `input#d-kind`: 1, `#d-kind-1-hint`: 1,
		`select#d-pick option`: 3, `select[required]`: 0, `input[name="words.ar"][dir=rtl]`: 1, `input[name="words.en"][dir=ltr]`: 1, `input[type=password][value]`: 0,
	} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%d of %s, want %d", got, selector, want)
		}
	}
}
