package content_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

func open(t *testing.T) (*content.Library, *database.DB, context.Context) {
	t.Helper()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	lib := content.New(db, catalogue, c)
	ctx := context.Background()
	for range 2 { // a second start seeds nothing twice
		if err := lib.Seed(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return lib, db, ctx
}

// Every template of R-843 renders in three languages with sample values, keeps Meta's rules and
// declares exactly the values it uses.
func TestTemplates(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	templates, err := lib.Templates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{
		content.OrderStatus, content.StartReturn, content.RMAInstructions, content.HumanHandoff, content.PaymentLink,
		content.PaymentWarning, content.HoldExpired, content.BookingConfirmed, content.Reminder48h, content.Moved,
		content.Cancelled, content.Delay, content.UrgentStylist, content.PrivacyNotice, content.PaymentRefunded,
		content.VisitStylist, content.CaseOpened, content.VisitMoved, content.HoldMoved, content.HoldReleased,
		content.DepositReceived, content.VerifyCode,
	}
	if got, want := len(templates.All()), 3*len(names); got != want {
		t.Errorf("%d templates are seeded, want %d", got, want)
	}
	variable := regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)
	for _, name := range names {
		for _, lang := range models.Languages() {
			row, ok := templates.Find(name, lang)
			if !ok || row.Language != lang {
				t.Errorf("%s is missing in %s", name, lang)
				continue
			}
			used := map[string]bool{}
			for _, m := range variable.FindAllStringSubmatch(row.Body, -1) {
				used[m[1]] = true
				if !slices.Contains(row.Values, m[1]) {
					t.Errorf("%s in %s uses %s, which is not declared", name, lang, m[1])
				}
			}
			if len(used) != len(row.Values) {
				t.Errorf("%s in %s uses %d of %d declared values", name, lang, len(used), len(row.Values))
			}
			facts := i18n.Facts{}
			for _, value := range row.Values {
				facts[value] = "sample\nof " + value
			}
			message, err := templates.Compose(name, lang, facts)
			if err != nil {
				t.Errorf("compose %s in %s: %v", name, lang, err)
				continue
			}
			text, err := templates.Fill(*message)
			if err != nil || strings.Contains(text, "{{") || strings.Contains(strings.Join(message.Values, ""), "\n") {
				t.Errorf("%s in %s reads %q, %v", name, lang, text, err)
			}
		}
	}
}

func TestMissingFactIsNotSent(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	templates, err := lib.Templates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := templates.Compose(content.HoldExpired, models.English, i18n.Facts{"Name": "Maya"}); err == nil {
		t.Errorf("composed %v without its facts", m)
	}
	texts, err := lib.Texts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := texts.Say(models.English, "chat.hello", nil); err == nil {
		t.Errorf("said %q without the name", text)
	}
	if text, err := texts.Say(models.English, "chat.no_such_text", nil); err == nil {
		t.Errorf("said %q for an unknown key", text)
	}
	if text, err := texts.Count(models.Arabic, "chat.minutes", 5, nil); err != nil || text != "5 دقائق" {
		t.Errorf("five minutes = %q, %v", text, err)
	}
}

// A text or an answer that staff edited is used by the next turn.
func TestEditedTextIsUsed(t *testing.T) {
	t.Parallel()
	lib, db, ctx := open(t)
	edited := models.MessageText{ID: models.NewID(), Key: "chat.thanks", Language: models.Spanish, Channel: "chat", Body: "¡A ti!", Active: true}
	if err := db.On(ctx).Create(&edited).Error; err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body   string
		active bool
		want   string
	}{
		{"¡A ti!", true, "¡A ti!"},
		{"¡A ti!", false, "¡De nada, un placer!"},
		{"¡A ti, {{.Nombre}}!", true, "¡De nada, un placer!"}, // cannot be filled
	} {
		if err := db.On(ctx).Model(&edited).Updates(map[string]any{"active": c.active, "body": c.body}).Error; err != nil {
			t.Fatal(err)
		}
		texts, err := lib.Texts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := texts.Say(models.Spanish, "chat.thanks", nil); err != nil || got != c.want {
			t.Errorf("%q, active %v: said %q, %v; want %q", c.body, c.active, got, err, c.want)
		}
	}
}

func TestFAQs(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	faqs, err := lib.FAQs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(faqs) != 5 {
		t.Fatalf("%d FAQs are seeded, want 5", len(faqs))
	}
	facts := i18n.Facts{"URL": "https://map.test", "Hours": "H", "RefundHours": "24 h", "StaffOnlyHours": "6 h", "DepositPercent": 20, "HoldMinutes": 30}
	for _, faq := range faqs {
		for _, lang := range models.Languages() {
			if len(faq.Phrases[lang]) < 10 {
				t.Errorf("%s has %d phrases in %s, want 10", faq.Key, len(faq.Phrases[lang]), lang)
			}
			if text, err := i18n.Render(faq.Answers[lang], facts); err != nil || strings.Contains(text, "{{") {
				t.Errorf("%s in %s answers %q, %v", faq.Key, lang, text, err)
			}
		}
	}
}

// A salon that asks for no deposit promises none: the standard answers, and edited ones that fill in the deposit,
// are replaced; what else staff wrote stands, and so do the stored answers.
func TestAnswersWithoutDeposits(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	stored, err := lib.FAQs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	faqs := slices.Clone(stored)
	for i, faq := range faqs {
		if faq.Key == content.FAQPayment {
			faqs[i].Answers = models.Text{"en": faq.Answers["en"], "es": "Un {{.DepositPercent}} % por adelantado.", "ar": "نقدًا في الصالون."}
		}
	}
	for _, faq := range lib.WithoutDeposits(faqs) {
		for _, lang := range models.Languages() {
			for _, word := range []string{"DepositPercent", "RefundHours", "deposit", "señal", "عربون"} {
				if strings.Contains(faq.Answers[lang], word) {
					t.Errorf("%s, %s: %q speaks of a deposit", faq.Key, lang, faq.Answers[lang])
				}
			}
			if faq.Answers[lang] == "" {
				t.Errorf("%s, %s: no answer", faq.Key, lang)
			}
		}
		if faq.Key == content.FAQPayment && faq.Answers["ar"] != "نقدًا في الصالون." {
			t.Errorf("what staff wrote became %q", faq.Answers["ar"])
		}
	}
	for _, faq := range stored {
		if faq.Key == content.FAQPayment && !strings.Contains(faq.Answers["en"], "{{.DepositPercent}}") {
			t.Errorf("the stored answer became %q", faq.Answers["en"])
		}
	}
}
