package content_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

func said(body string) content.TemplateWish {
	return content.TemplateWish{Body: &body, Saved: ana}
}

// One template a key, language and road: saying it again changes it. On the web at once; by WhatsApp it waits for Meta.
func TestPuttingTemplates(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	first, err := lib.PutTemplate(ctx, "late_opening", "en", content.OnTheWeb, said("We open at {{.Hour}} today."))
	if err != nil || first.Version != 1 || len(first.Values) != 1 || first.Values[0] != "Hour" || !first.Active {
		t.Fatalf("made %+v, %v", first, err)
	}
	second, err := lib.PutTemplate(ctx, "late_opening", "en", content.OnTheWeb, said("Today we open at {{.Hour}}."))
	if err != nil || second.ID != first.ID || second.Version != 2 || second.Body != "Today we open at {{.Hour}}." || second.Draft != "" {
		t.Errorf("changed to %+v, %v", second, err)
	}
	if same, err := lib.PutTemplate(ctx, "late_opening", "en", content.OnTheWeb, said("Today we open at {{.Hour}}.")); err != nil || same.Version != 2 {
		t.Errorf("said again it is version %d, %v", same.Version, err)
	}
	order, err := lib.PutTemplate(ctx, content.OrderStatus, "en", content.ByWhatsApp, said("Hello {{.Name}}, there is news of your order {{.Order}}: it is now {{.Status}}. Write any time."))
	if err != nil || order.Draft == "" || strings.HasPrefix(order.Body, "Hello {{.Name}}, there is news") {
		t.Errorf("of WhatsApp: %+v, %v", order, err)
	}
	for field, wish := range map[string]struct {
		key string
		content.TemplateWish
	}{
		"key":       {"Not A Key", said("Hello there, all is well.")},
		"body":      {content.OrderStatus, said("Hello {{.Nobody}}, all is well with you today.")},
		"variables": {"fresh", content.TemplateWish{Body: new("All of {{.It}} is well today."), Variables: models.Text{"Else": "x"}, Saved: ana}},
		"footer":    {"fresh", content.TemplateWish{Body: new("All is well today."), Footer: new(strings.Repeat("f", 61)), Saved: ana}},
		"buttons":   {"fresh", content.TemplateWish{Body: new("All is well today."), Buttons: models.Strings{"Yes", "Yes"}, Saved: ana}},
	} {
		_, err := lib.PutTemplate(ctx, wish.key, "en", content.ByWhatsApp, wish.TemplateWish)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Fields[field] == "" {
			t.Errorf("%s: got %v", field, err)
		}
	}
	if _, err := lib.PutTemplate(ctx, content.VerifyCode, "en", content.ByWhatsApp, said("Your code is {{.Code}}, keep it.")); !fault.Is(err, "content.worded_by_meta") {
		t.Errorf("Meta's own words: got %v", err)
	}
}

// What is taken out is not found, not sent and not seeded again; English stands in for it; its history goes on when it is
// put back.
func TestTakingTemplatesOut(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	templates, err := lib.Templates(ctx)
	if err != nil {
		t.Fatal(err)
	}
	row, _ := templates.Find(content.OrderStatus, models.Arabic)
	if err := lib.RemoveTemplate(ctx, row.ID, ana); err != nil {
		t.Fatal(err)
	}
	if err := lib.RemoveTemplate(ctx, row.ID, ana); !fault.Is(err, "content.no_such_template") {
		t.Errorf("taken out twice: %v", err)
	}
	if err := lib.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	facts := i18n.Facts{"Name": "Noor", "Order": "LU-1", "Status": "paid"}
	if m, err := lib.Resolve(ctx, content.OrderStatus, models.Arabic, facts); err != nil || m.Language != models.English {
		t.Errorf("sent %+v, %v", m, err)
	}
	back, err := lib.PutTemplate(ctx, content.OrderStatus, models.Arabic, content.ByWhatsApp, content.TemplateWish{Saved: ana})
	if err != nil || back.ID != row.ID || !back.Active || back.Version != 3 {
		t.Errorf("put back: %+v, %v", back, err)
	}
	if m, err := lib.Resolve(ctx, content.OrderStatus, models.Arabic, facts); err != nil || m.Language != models.Arabic {
		t.Errorf("sent %+v, %v", m, err)
	}
	off := false
	if _, err := lib.ChangeTemplate(ctx, row.ID, content.TemplateWish{Active: &off, Saved: ana}); err != nil {
		t.Fatal(err)
	}
	if m, err := lib.Resolve(ctx, content.OrderStatus, models.Arabic, facts); err != nil || m.Language != models.English {
		t.Errorf("an inactive one is sent: %+v, %v", m, err)
	}
	if _, err := lib.ChangeTemplate(ctx, models.NewID(), said("x")); !fault.Is(err, "content.no_such_template") {
		t.Errorf("an unknown id: %v", err)
	}
}

// A template that cannot be sent is told of, once for each try, with the reason.
func TestUnresolvedTemplatesAreTold(t *testing.T) {
	t.Parallel()
	lib, db, ctx := open(t)
	var told []content.Unresolved
	lib.OnUnresolved(func(_ context.Context, u content.Unresolved) error {
		told = append(told, u)
		return nil
	})
	if _, err := lib.Resolve(ctx, content.OrderStatus, "ar", i18n.Facts{"Name": "Noor"}); !errors.Is(err, content.ErrNoFact) || !errors.Is(err, content.ErrUnresolved) {
		t.Errorf("without its facts: %v", err)
	}
	if err := db.On(ctx).Exec("UPDATE message_texts SET active = false WHERE key = ?", content.OrderStatus).Error; err != nil {
		t.Fatal(err)
	}
	if _, err := lib.Resolve(ctx, content.OrderStatus, "ar", nil); !errors.Is(err, content.ErrNoTemplate) {
		t.Errorf("out of use: %v", err)
	}
	if len(told) != 2 || told[0] != (content.Unresolved{Name: content.OrderStatus, Language: "ar", Why: content.NoFact}) || told[1].Why != content.NoTemplate {
		t.Errorf("told %+v", told)
	}
}

// An earlier version comes back: on the web at once, of WhatsApp as a draft.
func TestRestoringTemplates(t *testing.T) {
	t.Parallel()
	lib, _, ctx := open(t)
	for _, body := range []string{"First {{.Hour}} wording.", "Second {{.Hour}} wording."} {
		if _, err := lib.PutTemplate(ctx, "late_opening", "es", content.OnTheWeb, said(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := lib.RestoreTemplate(ctx, "late_opening", "es", content.OnTheWeb, 1, 1, ana); !fault.Is(err, "content.changed_meanwhile") {
		t.Errorf("from an old page: %v", err)
	}
	if err := lib.RestoreTemplate(ctx, "late_opening", "es", content.OnTheWeb, 1, 2, ana); err != nil {
		t.Fatal(err)
	}
	rows, err := lib.ListTemplates(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Key == "late_opening" && (row.Body != "First {{.Hour}} wording." || row.Version != 3) {
			t.Errorf("restored %+v", row)
		}
	}
	row, err := lib.PutTemplate(ctx, content.HumanHandoff, "es", content.ByWhatsApp, said("Hola, {{.Name}}. Una persona del equipo te responde por aquí."))
	if err != nil {
		t.Fatal(err)
	}
	if err := lib.RestoreTemplate(ctx, content.HumanHandoff, "es", content.ByWhatsApp, 1, row.Version, ana); err != nil {
		t.Fatal(err)
	}
	past, err := lib.History(ctx, models.WordingTemplate, content.HumanHandoff, "es")
	if err != nil || len(past) != 3 || past[0].Content.Draft != "" || past[0].Content.Body != past[2].Content.Body {
		t.Errorf("the history is %+v, %v", past, err)
	}
}

// Of two who make the same template at once, one makes it.
func TestTwoMakeOneTemplate(t *testing.T) {
	t.Parallel()
	lib, db, ctx := open(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			_, err := lib.PutTemplate(ctx, "at_once", "en", content.OnTheWeb, said("All at once."))
			if err != nil && !fault.Is(err, "content.changed_meanwhile") {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var n int64
	if err := db.On(ctx).Model(&models.MessageText{}).Where("key = 'at_once'").Count(&n).Error; err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
}
