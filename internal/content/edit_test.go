package content_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

var ana = content.Saved{Actor: "staff:ana", Reason: "warmer"}

// What is wrong with a wording is found where it is edited, not where it is sent.
func TestCheckText(t *testing.T) {
	t.Parallel()
	lib, _, _ := open(t)
	for _, c := range []struct {
		name, key, lang, body, want string
	}{
		{"as it is", "chat.hello", "en", "Hi {{.Name}}!", ""},
		{"the name may go", "chat.hello", "en", "Hi there!", ""},
		{"spaces inside", "chat.hello", "en", "Hi {{ .Name }}!", ""},
		{"empty", "chat.hello", "en", " \n ", "content.problem.empty"},
		{"unknown fact", "chat.hello", "en", "Hi {{.Nombre}}!", "content.problem.unknown_placeholder"},
		{"a fact of another text", "chat.hello", "en", "Hi {{.URL}}!", "content.problem.unknown_placeholder"},
		{"a lost fact", "chat.pay.link.again", "es", "Tu enlace: {{.URL}}, hasta las {{.Until}}.", "content.problem.missing_placeholder"},
		{"the privacy link stays (R-914)", "chat.intro", "ar", "مرحبًا!", "content.problem.missing_placeholder"},
		{"an action", "chat.hello", "en", "Hi {{range .Name}}x{{end}}!", "content.problem.braces"},
		{"a function", "chat.hello", "en", `Hi {{printf "%999999d" 1}}!`, "content.problem.braces"},
		{"a brace left open", "chat.hello", "en", "Hi {{.Name}!", "content.problem.braces"},
		{"a comment", "chat.hello", "en", "Hi {{/* x */}}!", "content.problem.braces"},
		{"an override of direction", "chat.hello", "ar", "أهلًا \u202eabc", "content.problem.hidden"},
		{"an isolate left open", "chat.hello", "ar", "أهلًا \u2068{{.Name}}", "content.problem.hidden"},
		{"an isolate", "chat.hello", "ar", "أهلًا \u2068{{.Name}}\u2069", ""},
		{"a mark", "chat.hello", "ar", "أهلًا \u200f{{.Name}}", ""},
		{"a control character", "chat.hello", "en", "Hi \x07", "content.problem.hidden"},
		{"a button at the limit", "chat.slot.button.yes", "en", strings.Repeat("x", 20), ""},
		{"a button too long", "chat.slot.button.yes", "en", strings.Repeat("x", 21), "content.problem.too_long"},
		{"emoji count as two", "chat.slot.button.yes", "en", strings.Repeat("x", 19) + "✨💇", "content.problem.too_long"},
		{"a button of two lines", "chat.slot.button.yes", "en", "Yes\nplease", "content.problem.one_line"},
		{"a row", "chat.service.more", "en", strings.Repeat("x", 24), ""},
		{"a list label", "chat.list.label", "en", strings.Repeat("x", 21), "content.problem.too_long"},
		{"a row's second line, filled", "chat.service.detail", "en", strings.Repeat("x", 60) + "{{.Minutes}} {{.Price}}", "content.problem.too_long"},
		{"room for the facts", "chat.thanks", "en", strings.Repeat("x", 512), ""},
		{"no room for the facts", "chat.thanks", "en", strings.Repeat("x", 513), "content.problem.too_long"},
		{"two emoji", "chat.thanks", "en", "Thanks 💇‍♀️✨", ""},
		{"three emoji", "chat.thanks", "en", "Thanks 💇✨🎀", "content.problem.emoji"},
	} {
		problems := lib.CheckText(c.key, c.lang, c.body)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Key
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// Every standard wording passes what its edits must pass, and every placeholder has a sample.
func TestStandardsPass(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	texts, err := lib.ChatTexts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) < 100 {
		t.Errorf("%d texts", len(texts))
	}
	for _, text := range texts {
		for _, lang := range models.Languages() {
			said := text.In[lang]
			if said.Status != content.Standard || said.Version != 0 {
				t.Errorf("%s in %s: %+v", text.Key, lang, said)
			}
			if problems := lib.CheckText(text.Key, lang, said.Body); len(problems) > 0 && !text.Counted {
				t.Errorf("the standard of %s in %s is refused: %v", text.Key, lang, problems)
			}
			if sample := lib.Sample(lang, said.Body); strings.Contains(sample, "{{") {
				t.Errorf("%s in %s has a placeholder without a sample: %s", text.Key, lang, sample)
			}
		}
	}
	templates, err := lib.TemplateSets(ctx, content.ByWhatsApp)
	if err != nil {
		t.Fatal(err)
	}
	for _, tpl := range templates {
		for _, lang := range models.Languages() {
			body := tpl.In[lang].Body
			if problems := content.CheckTemplate(tpl.Name, body); len(problems) > 0 && !tpl.Code { // of codes Meta's own words begin with one
				t.Errorf("the template %s in %s is refused: %v", tpl.Name, lang, problems)
			}
			if sample := lib.Sample(lang, body); strings.Contains(sample, "{{") || models.Units(sample) > models.MaxBody {
				t.Errorf("%s in %s: %s", tpl.Name, lang, sample)
			}
		}
	}
}

// An edit is a version, spoken at once; earlier ones and the standard come back as new versions.
func TestTextVersions(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	says := func(want string) {
		t.Helper()
		texts, err := lib.Texts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := texts.Say(models.English, "chat.thanks", nil); err != nil || got != want {
			t.Errorf("said %q (%v), want %q", got, err, want)
		}
	}
	save := func(seen int, body string) {
		t.Helper()
		edit := content.TextEdit{Key: "chat.thanks", Bodies: models.Text{"en": body, "es": "¡De nada, un placer!"}, Seen: map[string]int{"en": seen}, Saved: ana}
		if err := lib.EditText(ctx, edit); err != nil {
			t.Fatal(err)
		}
	}
	says("You're very welcome!")
	before, err := lib.Texts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	save(0, "Any time!\r\n")
	says("Any time!")
	if got, _ := before.Say(models.English, "chat.thanks", nil); got != "You're very welcome!" {
		t.Errorf("a turn that had begun says %q", got)
	}
	save(1, "My pleasure!")
	if err := lib.RestoreText(ctx, "chat.thanks", models.English, 1, 2, ana); err != nil {
		t.Fatal(err)
	}
	says("Any time!")
	if err := lib.RestoreText(ctx, "chat.thanks", models.English, 0, 3, ana); err != nil {
		t.Fatal(err)
	}
	says("You're very welcome!")
	text, err := lib.ChatText(ctx, "chat.thanks")
	if err != nil || text.In["en"].Status != content.Standard || text.In["en"].Version != 4 || text.In["es"].Version != 0 {
		t.Errorf("after all is %+v (%v)", text.In, err)
	}
	history, err := lib.History(ctx, models.WordingChat, "chat.thanks", models.English)
	if err != nil || len(history) != 4 || history[3].Content.Body != "Any time!" || !history[0].Content.Standard || history[1].Actor != "staff:ana" || history[1].Reason != "warmer" {
		t.Errorf("history is %+v (%v)", history, err)
	}
	if err := lib.RestoreText(ctx, "chat.thanks", models.English, 9, 4, ana); !fault.Is(err, "content.no_such_version") {
		t.Errorf("version 9: %v", err)
	}
}

// The database keeps what a wording said, and the audit log does not repeat it.
func TestVersionsAreNotRewritten(t *testing.T) {
	t.Parallel()
	lib, db, ctx := open(t)
	if err := lib.EditText(ctx, content.TextEdit{Key: "chat.bye", Bodies: models.Text{"en": "Ta-ta!"}, Saved: ana}); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"UPDATE wording_versions SET actor = 'nobody'", "DELETE FROM wording_versions", "TRUNCATE wording_versions"} {
		if err := db.On(ctx).Exec(sql).Error; err == nil {
			t.Errorf("%s succeeded", sql)
		}
	}
	var n int64
	if err := db.On(ctx).Raw("SELECT count(*) FROM audit_log WHERE action = 'text.changed' AND subject_id = 'chat.bye:en' AND reason = 'warmer'").Scan(&n).Error; err != nil || n != 1 {
		t.Errorf("%d lines in the log (%v)", n, err)
	}
	if err := db.On(ctx).Raw("SELECT count(*) FROM audit_log l WHERE l::text LIKE '%Ta-ta%'").Scan(&n).Error; err != nil || n != 0 {
		t.Errorf("%d lines of the log repeat the wording (%v)", n, err)
	}
}

// Two editors who saw the same wording: one is told, also when it is the first edit of all, and one
// language that is stale keeps the others from being saved.
func TestTwoEditorsOfAText(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	for seen := range 2 {
		errs := make([]error, 2)
		var wg sync.WaitGroup
		for i, body := range []string{"Ta-ta!", "Cheerio!"} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				mark := strings.Repeat("!", seen)
				errs[i] = lib.EditText(ctx, content.TextEdit{Key: "chat.bye", Bodies: models.Text{"en": body + mark, "es": body + mark},
					Seen: map[string]int{"en": seen, "es": seen}, Saved: ana})
			}()
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errs[0], "content.changed_meanwhile") && !fault.Is(errs[1], "content.changed_meanwhile") {
			t.Errorf("seen version %d: %v", seen, errs)
		}
	}
	err := lib.EditText(ctx, content.TextEdit{Key: "chat.bye", Bodies: models.Text{"en": "Late", "ar": "مع السلامة"}, Seen: map[string]int{"en": 1}, Saved: ana})
	text, readErr := lib.ChatText(ctx, "chat.bye")
	if !fault.Is(err, "content.changed_meanwhile") || readErr != nil || text.In["ar"].Version != 0 || text.In["en"].Version != 2 {
		t.Errorf("a stale edit: %v, %+v", err, text.In)
	}
}

func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	lib, db, ctx := open(t)
	for key, want := range map[string]string{
		"chat.minutes": "content.not_editable", "chat.moon": "content.no_such_text", "console.title": "content.no_such_text",
	} {
		if err := lib.EditText(ctx, content.TextEdit{Key: key, Bodies: models.Text{"en": "x"}, Saved: ana}); !fault.Is(err, want) {
			t.Errorf("%s: %v, want %s", key, err, want)
		}
	}
	// A wording whose placeholder the product no longer fills is shown as such.
	row := models.MessageText{ID: models.NewID(), Key: "chat.bye", Language: "en", Channel: "chat", Body: "Bye {{.Gone}}", Active: true}
	if err := db.On(ctx).Create(&row).Error; err != nil {
		t.Fatal(err)
	}
	text, err := lib.ChatText(ctx, "chat.bye")
	if err != nil || text.In["en"].Status != content.Outdated || text.In["es"].Status != content.Standard {
		t.Errorf("%+v (%v)", text.In, err)
	}
}

// A draft is kept and not sent; Meta's answer decides. What Meta paused is not sent, English stands in,
// and starting again brings nothing back that staff changed.
func TestTemplatesWaitForMeta(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	sends := func(lang models.Language) string {
		t.Helper()
		templates, err := lib.Templates(ctx)
		if err != nil {
			t.Fatal(err)
		}
		row, ok := templates.Find(content.PaymentRefunded, lang)
		if !ok {
			return ""
		}
		return row.Body
	}
	const written = "Hola {{.Name}}: te devolvemos {{.Amount}}. Muchas gracias."
	wish := said(written)
	wish.Seen = new(1)
	put := func() error {
		_, err := lib.PutTemplate(ctx, content.PaymentRefunded, "es", content.ByWhatsApp, wish)
		return err
	}
	old := sends("es")
	if err := put(); err != nil {
		t.Fatal(err)
	}
	if got := sends("es"); got != old {
		t.Errorf("the draft is sent: %q", got)
	}
	if err := put(); !fault.Is(err, "content.changed_meanwhile") {
		t.Errorf("a second editor: %v", err)
	}
	verdict := content.Verdict{Name: content.PaymentRefunded, Language: "es", Seen: 2, Saved: ana}
	if err := lib.AnswerDraft(ctx, verdict, true); err != nil || sends("es") != written {
		t.Errorf("approved: %v, sent is %q", err, sends("es"))
	}
	verdict.Seen = 3
	if err := lib.AnswerDraft(ctx, verdict, true); !fault.Is(err, "content.no_draft") {
		t.Errorf("no draft: %v", err)
	}
	if err := lib.SetApproval(ctx, verdict, models.ApprovalPaused); err != nil || sends("es") != sends("en") || sends("en") == "" {
		t.Errorf("paused: %v, sent is %q", err, sends("es"))
	}
	if err := lib.Seed(ctx); err != nil || sends("es") != sends("en") {
		t.Errorf("a start brought the paused template back (%v)", err)
	}
	english := content.Verdict{Name: content.PaymentRefunded, Language: "en", Seen: 1, Saved: ana}
	if err := lib.SetApproval(ctx, english, models.ApprovalRejected); err != nil || sends("es") != "" {
		t.Errorf("rejected: %v, sent is %q", err, sends("es"))
	}
	history, err := lib.History(ctx, models.WordingTemplate, content.PaymentRefunded, "es")
	if err != nil || len(history) != 4 || history[3].Content.Body != old || history[3].Actor != "system" || history[2].Content.Draft != written {
		t.Errorf("history is %+v (%v)", history, err)
	}
}

func TestCheckTemplate(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Hi {{.Name}}, {{.Amount}} is yours from now on.":                            "",
		"Hi {{.Name}}, {{.Amount}} is yours.":                                        "content.problem.few_words",
		"Hi {{.Name}}, it is yours from now on.":                                     "content.problem.missing_placeholder",
		"Hi {{.Name}}, {{.Amount}} and {{.Code}} from now on.":                       "content.problem.unknown_placeholder",
		"{{.Name}}, {{.Amount}} is yours from now on.":                               "content.problem.variable_at_end",
		"Hi there {{.Name}}, yours from now on is {{.Amount}}":                       "content.problem.variable_at_end",
		"Hi {{.Name}}{{.Amount}} is yours from now on.":                              "content.problem.variables_touch",
		"Hi {{.Name}} {{.Amount}} is yours from now on.":                             "content.problem.variables_touch",
		"Hi {{.Name}},\n\n\n{{.Amount}} is yours from now on.":                       "content.problem.blanks",
		"Hi {{1}}, {{2}} is yours.":                                                  "content.problem.braces",
		"Hi {{.Name}}, {{.Amount}} is yours from now on 🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁🎁!":                "content.problem.emoji",
		"Hi {{.Name}}, {{.Amount}} is yours from now on" + strings.Repeat("!", 1000): "content.problem.too_long",
	} {
		problems, got := content.CheckTemplate(content.PaymentRefunded, body), ""
		if len(problems) > 0 {
			got = problems[0].Key
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	}
}

// Which templates nothing sends is said on the page: it must be so in the source.
func TestDormantTemplates(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	all, err := lib.TemplateSets(ctx, content.ByWhatsApp)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("templates.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := map[string]string{}
	for _, m := range regexp.MustCompile(`(\w+)\s+= "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		constant[m[2]] = m[1]
	}
	var used strings.Builder
	for _, room := range []string{"../chat", "../notify", "../checkout", "../booking", "../handoff", "../identity"} {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if raw, err := os.ReadFile(file); err == nil && !strings.HasSuffix(file, "_test.go") {
				used.Write(raw)
			}
		}
	}
	for _, tpl := range all {
		sent := regexp.MustCompile(`content\.` + constant[tpl.Name] + `\b`).MatchString(used.String())
		if sent == tpl.Dormant {
			t.Errorf("%s is declared dormant: %v; the rules send it: %v. Say so in declared().", tpl.Name, tpl.Dormant, sent)
		}
	}
}

// Whatever staff type: what is accepted renders with its facts and leaves no brace behind; what does
// not render is refused.
func FuzzWording(f *testing.F) {
	for _, seed := range []string{"", "Hi {{.Name}}!", "{{ .Name}}{{.Until }}", "{{.Name", "}}", "{{{.Name}}}", "{{.Name}}}}", "{{`x`}}", "{{/**/}}", "{{-.Name-}}", "\u2068{{.Name}}\u2069", "{ {.Name}}", "{{.Name\f}}", "{{\r\n.Name\t}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		names, ok := content.Placeholders(body)
		if !ok {
			return
		}
		facts := i18n.Facts{}
		for _, name := range names {
			facts[name] = "fact"
		}
		text, err := i18n.Render(body, facts)
		if err != nil || strings.Contains(text, "{{") {
			t.Errorf("%q is accepted and reads %q, %v", body, text, err)
		}
		if len(names) > 0 {
			delete(facts, names[0])
			if _, err := i18n.Render(body, facts); err == nil {
				t.Errorf("%q reads without %s", body, names[0])
			}
		}
	})
}
