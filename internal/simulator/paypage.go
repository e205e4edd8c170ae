package simulator

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

//go:embed assets
var assets embed.FS

// payPage is the hosted checkout: what a customer sees behind a payment link. It says on its face
// that it is a stand-in, takes no card data and works without JavaScript.
func (s *Server) payPage() http.Handler {
	page := template.Must(template.ParseFS(assets, "assets/pay.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /pay/assets/pay.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, assets, "assets/pay.css")
	})
	mux.HandleFunc("GET /pay/{session}", func(w http.ResponseWriter, r *http.Request) { s.showPay(w, r, page) })
	mux.HandleFunc("POST /pay/{session}/pay", s.payNow)
	mux.HandleFunc("POST /pay/{session}/decline", s.payDeclined)
	mux.HandleFunc("POST /pay/{session}/cancel", s.payCancelled)
	return mux
}

// session is a copy of a Checkout Session.
func (a *stripe) session(id string) (session, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.sessions[id]
	if !ok {
		return session{}, false
	}
	return *s, true
}

// checkoutPage is what the page shows.
type checkoutPage struct {
	texts    *i18n.Catalogue
	Lang     models.Language
	Session  session
	Known    bool
	Salon    string
	Declined bool
	Return   string // where the customer goes from a finished page
}

// T is a text of the page.
func (p checkoutPage) T(key string) string { return p.texts.Text(p.Lang, "simulator."+key, nil) }

// Initial is the first letter of the salon's name.
func (p checkoutPage) Initial() string {
	for _, letter := range p.Salon {
		return string(letter)
	}
	return ""
}

// Dir is the direction of writing.
func (p checkoutPage) Dir() string { return i18n.Direction(p.Lang) }

// Money writes an amount of the session.
func (p checkoutPage) Money(minor int64) string {
	return i18n.Money(p.Lang, models.Money{Minor: minor, Currency: strings.ToUpper(p.Session.Currency)})
}

// Times is a line's amount times its quantity.
func (p checkoutPage) Times(i item) int64 { return i.Amount * i.Quantity }

func (s *Server) showPay(w http.ResponseWriter, r *http.Request, page *template.Template) {
	pay, known := s.stripe.session(r.PathValue("session"))
	data := checkoutPage{texts: s.texts, Lang: pageLanguage(pay, r), Session: pay, Known: known, Declined: pay.Declined}
	status := http.StatusOK
	if known {
		policies, err := settings.New(s.cfg.DB, s.cfg.Clock).Policies(r.Context())
		if err != nil {
			s.log.ErrorContext(r.Context(), "pay page failed", "err", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		data.Salon = policies.SalonName.In(data.Lang)
		data.Return = returnURL(pay.CancelURL, pay)
		if pay.Status == "complete" {
			data.Return = returnURL(pay.SuccessURL, pay)
		}
	} else {
		status = http.StatusNotFound
	}
	var out bytes.Buffer
	if err := page.Execute(&out, data); err != nil {
		s.log.ErrorContext(r.Context(), "pay page failed", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	// A form's redirect leads back to the app: its origin must be allowed as a form's target.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+origin(pay.SuccessURL)+" "+origin(pay.CancelURL))
	h.Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // the reader may be gone
}

func (s *Server) payNow(w http.ResponseWriter, r *http.Request) {
	s.payOnPage(w, r, outcomePaid)
}

func (s *Server) payDeclined(w http.ResponseWriter, r *http.Request) {
	s.payOnPage(w, r, outcomeDeclined)
}

// payOnPage plays a button of the page. Unlike the control interface it does only what the provider
// would: a session is paid or declined while it is open.
func (s *Server) payOnPage(w http.ResponseWriter, r *http.Request, outcome string) {
	id := r.PathValue("session")
	s.stripe.expireDue()
	pay, err := s.stripe.settleOpen(id, outcome)
	if err != nil || pay.Status != "complete" {
		http.Redirect(w, r, "/pay/"+url.PathEscape(id), http.StatusSeeOther) // the page says what is the matter
		return
	}
	http.Redirect(w, r, returnURL(pay.SuccessURL, pay), http.StatusSeeOther)
}

func (s *Server) payCancelled(w http.ResponseWriter, r *http.Request) {
	pay, known := s.stripe.session(r.PathValue("session"))
	if !known || pay.CancelURL == "" {
		http.Redirect(w, r, "/pay/"+url.PathEscape(r.PathValue("session")), http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, returnURL(pay.CancelURL, pay), http.StatusSeeOther)
}

// settleOpen plays an outcome of a session that is still open, and gives the session as it is then.
func (a *stripe) settleOpen(id, outcome string) (session, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, ok := a.sessions[id]
	if !ok || s.Status != "open" {
		return session{}, badRequest("the session is not open")
	}
	if outcome == outcomePaid {
		a.capture(s, delivery{})
	} else {
		a.decline(s, delivery{})
	}
	return *s, nil
}

// returnURL is a success or cancel address with the session's id filled in, as Stripe does.
func returnURL(raw string, s session) string {
	return strings.ReplaceAll(raw, "{CHECKOUT_SESSION_ID}", s.ID)
}

func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// pageLanguage is the session's locale. "auto" follows the words of the bill when they are Arabic,
// which Stripe has no locale for, and the browser otherwise.
func pageLanguage(s session, r *http.Request) models.Language {
	if lang, ok := i18n.Known(s.Locale); ok {
		return lang
	}
	for _, line := range s.Items {
		if strings.ContainsFunc(line.Name, func(c rune) bool { return unicode.Is(unicode.Arabic, c) }) {
			return models.Arabic
		}
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return models.English
	}
	for _, tag := range tags {
		if lang, ok := i18n.Known(tag.String()); ok {
			return lang
		}
	}
	return models.English
}
