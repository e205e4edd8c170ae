package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"frontdesk/internal/booking"
	"frontdesk/models"
)

// preview is one conversation that nobody has.
type preview struct {
	*client
	from, lang string
}

// says rehearses a line: the texts, the picture and the payloads that may be tapped next.
func (p preview) says(text string) (texts, picture string, payloads []string) {
	p.t.Helper()
	body, err := json.Marshal(map[string]string{"from": p.from, "text": text, "lang": p.lang})
	if err != nil {
		p.t.Fatal(err)
	}
	got := p.does(200, "POST", "/whatsapp/preview", string(body), asAdmin)
	if got["ok"] != true {
		p.t.Errorf("%q: %v", text, got)
	}
	for _, m := range got["messages"].([]any) {
		m := m.(map[string]any)
		switch m["type"] {
		case "text":
			texts += m["text"].(string) + "\n"
		case "image":
			picture = m["url"].(string)
		case "quick_replies":
			for _, r := range m["replies"].([]any) {
				r := r.(map[string]any)
				if title := r["title"].(string); title == "" || utf8.RuneCountInString(title) > models.MaxRowTitle {
					p.t.Errorf("%q offers %v", text, r)
				}
				payloads = append(payloads, r["payload"].(string))
			}
		default:
			p.t.Errorf("%q answers with %v", text, m)
		}
	}
	return texts, picture, payloads
}

func newPreviews(t *testing.T, change ...func(*Settings, *Rooms)) *stocked {
	t.Helper()
	s := newStocked(t, change...)
	if err := booking.Seed(t.Context(), s.DB, s.Clock); err != nil {
		t.Fatal(err)
	}
	if err := s.Content.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.DB.On(t.Context()).Exec("UPDATE product_media SET url = replace(url, '.webp', '.png')").Error; err != nil {
		t.Fatal(err)
	}
	return s
}

// every turn of the conversation can be rehearsed, in three languages, and touches nobody.
func TestPreviewSaysWhatTheAssistantWould(t *testing.T) {
	t.Parallel()
	s := newPreviews(t)
	for lang, lines := range map[string][][2]string{
		"en": {{"browse", "our shop"}, {"show hair-care", "Hair care: 1–2 of 2"}, {"details SERUM-50", "24.00"}, {"add SERUM-50", "44.00"}, {"two more of those", "92.00"}, {"cart", "3 × Repair serum"},
			{"qty SERUM-50 1", "44.00"}, {"checkout", "Do you agree?"}, {"remove SERUM-50", "Repair serum"}, {"status", "any order"}, {"return", "any order"}, {"do you have argan oil?", "Argan oil"},
			{"haircut on Friday", "name"}, {"person", "preview"}},
		"es": {{"catálogo", "tienda"}, {"ver hair-care", "1–2 de 2"}, {"detalles SERUM-50", "24.00"}, {"añade SERUM-50", "44.00"}, {"dos más de esos", "92.00"}, {"carrito", "3 × Sérum reparador"},
			{"cantidad SERUM-50 1", "44.00"}, {"pagar", "¿Estás de acuerdo?"}, {"quita SERUM-50", "Sérum reparador"}, {"estado", "pedido"}, {"devolver", "pedido"}, {"¿tenéis aceite de argán?", "Aceite de argán"},
			{"corte el viernes", "llamas"}, {"persona", "vista previa"}},
		"ar": {{"تصفح", "متجرنا"}, {"اعرض hair-care", "1–2 من 2"}, {"تفاصيل SERUM-50", "24.00"}, {"أضف SERUM-50", "44.00"}, {"كمان حبتين منه", "92.00"}, {"السلة", "3 × سيروم مرمم"},
			{"كمية SERUM-50 1", "44.00"}, {"الدفع", "هل توافق؟"}, {"احذف SERUM-50", "سيروم مرمم"}, {"حالة الطلب", "طلب"}, {"إرجاع", "طلب"}, {"عندكم زيت أرغان؟", "زيت الأرغان"},
			{"قص شعر يوم الجمعة", "اسم"}, {"موظف", "معاينة"}},
	} {
		p := preview{s.client(), "tester", lang}
		for i, line := range lines {
			texts, picture, _ := p.says(line[0])
			if !strings.Contains(texts, line[1]) {
				t.Errorf("%s, %q: want %q in\n%s", lang, line[0], line[1], texts)
			}
			if want := map[int]string{2: "https://images.example/SERUM-50-0.png", 11: "https://images.example/OIL-30-0.png"}[i]; picture != want {
				t.Errorf("%s, %q shows %q, want %q", lang, line[0], picture, want)
			}
		}
	}
	for table, want := range map[string]int64{"orders": 0, "customers": 0, "conversations": 0, "messages": 0, "consents": 0, "appointments": 0, "cases": 0} {
		var n int64
		if err := s.DB.On(t.Context()).Table(table).Count(&n).Error; err != nil || n != want {
			t.Errorf("%s: %d rows, %v", table, n, err)
		}
	}
}

// A payload that was offered is understood as a tap; previews of two names, and of two callers, know nothing of each other.
func TestPreviewsAreApart(t *testing.T) {
	t.Parallel()
	s := newPreviews(t)
	one, other := preview{s.client(), "one", "en"}, preview{s.client(), "+447700900101", "en"}
	_, _, payloads := one.says("details OIL-30")
	if !slices.Contains(payloads, "shop:add:OIL-30") || !slices.Contains(payloads, "shop:cart") {
		t.Fatalf("offered: %v", payloads)
	}
	if texts, _, _ := one.says("shop:add:OIL-30"); !strings.Contains(texts, "1 × Argan oil") {
		t.Errorf("tapped: %s", texts)
	}
	if texts, _, _ := one.says("shop:cart"); !strings.Contains(texts, "1 × Argan oil") {
		t.Errorf("the cart: %s", texts)
	}
	for _, text := range []string{"cart", "status", "two more of those"} {
		if texts, _, _ := other.says(text); strings.Contains(texts, "Argan") {
			t.Errorf("another preview, %q: %s", text, texts)
		}
	}
	got := s.client().does(200, "POST", "/whatsapp/preview?text=cart&lang=es", "", asAdmin)
	if raw := fmt.Sprint(got); !strings.Contains(raw, "carrito está vacío") {
		t.Errorf("by query: %s", raw)
	}
}

// Bad input is refused by name; who is nobody may not rehearse unless the program was told so, which production never is.
func TestPreviewRefuses(t *testing.T) {
	t.Parallel()
	s := newPreviews(t)
	for _, body := range []string{
		"", "{}", `{"text":""}`, `{"text":"hi","lang":"fr"}`, `{"text":"` + strings.Repeat("x", 4097) + `"}`, `{"text":"hi","from":"` + strings.Repeat("x", 61) + `"}`,
		`{"text":7}`, `{"text":`, `[]`, `"hi"`,
	} {
		if got := s.client().ask("POST", "/whatsapp/preview", body, asAdmin); got.StatusCode != http.StatusBadRequest || !strings.Contains(got.body, `"validation"`) && !strings.Contains(got.body, `"malformed"`) {
			t.Errorf("%.40s: got %d %.200s", body, got.StatusCode, got.body)
		}
	}
	for _, text := range []string{"\x00", "   ", "shop:add:", "shop:find:9999999999999:x", "shop:status:../../etc", "shop:say:yes", strings.Repeat("ض", 4096), "🙂"} {
		body, err := json.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.client().ask("POST", "/whatsapp/preview", string(body), asAdmin); got.StatusCode != http.StatusOK && got.StatusCode != http.StatusBadRequest {
			t.Errorf("%.20q: got %d %.200s", text, got.StatusCode, got.body)
		}
	}
	if got := s.client().ask("POST", "/whatsapp/preview", `{"text":"cart"}`); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: got %d", got.StatusCode)
	}
	public := newPreviews(t, func(set *Settings, _ *Rooms) { set.PreviewPublic = true })
	public.client().does(200, "POST", "/whatsapp/preview", `{"text":"cart"}`)
	live := newPreviews(t, func(set *Settings, _ *Rooms) { set.PreviewPublic, set.Production = true, true })
	if got := live.client().ask("POST", "/whatsapp/preview", `{"text":"cart"}`); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger in production: got %d", got.StatusCode)
	}
}
