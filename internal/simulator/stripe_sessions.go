package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// session is a Checkout Session. Times are Unix seconds of business time.
type session struct {
	ID             string            `json:"id"`
	Status         string            `json:"status"` // open, complete, expired
	PaymentStatus  string            `json:"payment_status"`
	Amount         int64             `json:"amount"`
	Currency       string            `json:"currency"`
	Items          []item            `json:"items"`
	Locale         string            `json:"locale"`
	Metadata       map[string]string `json:"metadata"`
	IntentMetadata map[string]string `json:"intent_metadata"`
	Reference      string            `json:"reference"`
	Email          string            `json:"email"`
	SuccessURL     string            `json:"success_url"`
	CancelURL      string            `json:"cancel_url"`
	Created        int64             `json:"created"`
	ExpiresAt      int64             `json:"expires_at"`
	Intent         string            `json:"intent"`
	URL            string            `json:"url"`
	Declined       bool              `json:"declined"` // the last attempt on the pay page was
}

type item struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Amount      int64  `json:"amount"`
	Quantity    int64  `json:"quantity"`
}

// Session rules (C4).
const (
	minSessionLife = 30 * time.Minute
	maxSessionLife = 24 * time.Hour
	minCharge      = 50 // minor units, of the currencies the salon may use
	maxURL         = 5000
)

// checkoutLocales are the languages of Stripe's page. Arabic is not among them: for Arabic speakers
// the session says "auto" and the page follows the browser.
var checkoutLocales = strings.Fields(`auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hr hu id it ja ko
	lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW`)

// sessionParams are the parameters of a session that Stripe knows and this stand-in accepts.
var sessionParams = strings.Fields(`after_expiration allow_promotion_codes automatic_tax billing_address_collection
	cancel_url client_reference_id consent_collection currency custom_text customer_creation customer_email expand
	expires_at invoice_creation line_items locale metadata mode payment_intent_data payment_method_types
	phone_number_collection submit_type success_url ui_mode`)

func (a *stripe) createSession(c call) (object, *stripeError) {
	now := a.clock.Now()
	s := &session{
		ID: randomID("cs_test_", 58), Status: "open", PaymentStatus: "unpaid", Created: now.Unix(),
		Metadata: nested(c.form, "metadata"), IntentMetadata: nested(c.form, "payment_intent_data[metadata]"),
		Reference: c.form.Get("client_reference_id"), Email: c.form.Get("customer_email"), Locale: c.form.Get("locale"),
		SuccessURL: c.form.Get("success_url"), CancelURL: c.form.Get("cancel_url"),
	}
	for _, check := range []func(url.Values) *stripeError{
		unknownParams, s.checkBasics, s.readItems,
		func(form url.Values) *stripeError { return s.readExpiry(form, now) },
	} {
		if refusal := check(c.form); refusal != nil {
			return nil, refusal
		}
	}
	s.URL = a.url + "/pay/" + s.ID
	a.sessions[s.ID] = s
	a.keep(keptSession, s.ID, s)
	return a.sessionObject(s, c.form), nil
}

func unknownParams(form url.Values) *stripeError {
	for key := range form {
		top, _, _ := strings.Cut(key, "[")
		if !slices.Contains(sessionParams, top) {
			return refuse(http.StatusBadRequest, "parameter_unknown", key, "Received unknown parameter: "+key)
		}
	}
	return nil
}

func (s *session) checkBasics(form url.Values) *stripeError {
	switch mode := form.Get("mode"); {
	case mode == "":
		return refuse(http.StatusBadRequest, "parameter_missing", "mode", "Missing required param: mode.")
	case mode != "payment":
		return refuse(http.StatusBadRequest, "", "mode", "Invalid mode: must be payment; the stand-in has no subscriptions")
	case form.Get("ui_mode") != "" && form.Get("ui_mode") != "hosted":
		return refuse(http.StatusBadRequest, "", "ui_mode", "Invalid ui_mode: must be hosted; the stand-in has no embedded page")
	case s.SuccessURL == "":
		return refuse(http.StatusBadRequest, "parameter_missing", "success_url", "Missing required param: success_url.")
	case !webURL(s.SuccessURL):
		return refuse(http.StatusBadRequest, "url_invalid", "success_url", "Not a valid URL")
	case s.CancelURL != "" && !webURL(s.CancelURL):
		return refuse(http.StatusBadRequest, "url_invalid", "cancel_url", "Not a valid URL")
	case s.Locale != "" && !slices.Contains(checkoutLocales, s.Locale):
		return refuse(http.StatusBadRequest, "", "locale", fmt.Sprintf("Invalid locale: must be one of %s", strings.Join(checkoutLocales, ", ")))
	case len(s.Reference) > 200:
		return refuse(http.StatusBadRequest, "", "client_reference_id", "Invalid string: must be at most 200 characters")
	case s.Email != "" && !strings.Contains(s.Email, "@"):
		return refuse(http.StatusBadRequest, "email_invalid", "customer_email", "Invalid email address: "+s.Email)
	}
	for key, metadata := range map[string]map[string]string{"metadata": s.Metadata, "payment_intent_data[metadata]": s.IntentMetadata} {
		if refusal := checkMetadata(key, metadata); refusal != nil {
			return refusal
		}
	}
	return nil
}

var lineIndex = regexp.MustCompile(`^line_items\[(\d+)\]`)

// readItems reads the lines and adds them up.
func (s *session) readItems(form url.Values) *stripeError {
	count := 0
	for key := range form {
		if m := lineIndex.FindStringSubmatch(key); m != nil {
			index, err := strconv.Atoi(m[1])
			if err != nil || index > 99 {
				return refuse(http.StatusBadRequest, "", "line_items", "Array line_items exceeded maximum 100 allowed elements.")
			}
			count = max(count, index+1)
		}
	}
	if count == 0 {
		return refuse(http.StatusBadRequest, "parameter_missing", "line_items", "Missing required param: line_items.")
	}
	for i := range count {
		line, refusal := s.readItem(form, fmt.Sprintf("line_items[%d]", i))
		if refusal != nil {
			return refusal
		}
		s.Items = append(s.Items, line)
		s.Amount += line.Amount * line.Quantity
	}
	if s.Amount < minCharge {
		return refuse(http.StatusBadRequest, "amount_too_small", "", "The Checkout Session's total amount due must add up to at least €0.50 "+s.Currency)
	}
	return nil
}

func (s *session) readItem(form url.Values, at string) (item, *stripeError) {
	price := at + "[price_data]"
	line := item{Name: form.Get(price + "[product_data][name]"), Description: form.Get(price + "[product_data][description]")}
	currency := form.Get(price + "[currency]")
	amount, amountErr := strconv.ParseInt(form.Get(price+"[unit_amount]"), 10, 64)
	quantity, quantityErr := strconv.ParseInt(form.Get(at+"[quantity]"), 10, 64)
	switch {
	case form.Get(at+"[price]") != "":
		return line, noSuch("price", form.Get(at+"[price]"), at+"[price]")
	case line.Name == "":
		return line, refuse(http.StatusBadRequest, "parameter_missing", price+"[product_data][name]", "Missing required param: "+price+"[product_data][name].")
	case len(currency) != 3 || currency != strings.ToLower(currency):
		return line, refuse(http.StatusBadRequest, "", price+"[currency]", "Invalid currency: "+currency+". Stripe needs a lowercase three-letter ISO code.")
	case s.Currency != "" && s.Currency != currency:
		return line, refuse(http.StatusBadRequest, "", "line_items", "All prices on a Checkout Session must be in the same currency.")
	case amountErr != nil:
		return line, refuse(http.StatusBadRequest, "parameter_invalid_integer", price+"[unit_amount]", "Invalid integer: "+form.Get(price+"[unit_amount]"))
	case amount < 0:
		return line, refuse(http.StatusBadRequest, "parameter_invalid_integer", price+"[unit_amount]", "This value must be greater than or equal to 0.")
	case quantityErr != nil || quantity < 1:
		return line, refuse(http.StatusBadRequest, "parameter_invalid_integer", at+"[quantity]", "This value must be greater than or equal to 1.")
	}
	line.Amount, line.Quantity, s.Currency = amount, quantity, currency
	return line, nil
}

func (s *session) readExpiry(form url.Values, now time.Time) *stripeError {
	s.ExpiresAt = now.Add(maxSessionLife).Unix()
	raw := form.Get("expires_at")
	if raw == "" {
		return nil
	}
	at, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		return refuse(http.StatusBadRequest, "parameter_invalid_integer", "expires_at", "Invalid integer: "+raw)
	}
	s.ExpiresAt = at
	switch life := time.Unix(at, 0).Sub(now.Truncate(time.Second)); {
	case life < minSessionLife:
		return refuse(http.StatusBadRequest, "", "expires_at", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.")
	case life > maxSessionLife:
		return refuse(http.StatusBadRequest, "", "expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.")
	}
	return nil
}

func (a *stripe) showSession(c call) (object, *stripeError) {
	s, ok := a.sessions[c.id]
	if !ok {
		return nil, noSuch("checkout.session", c.id, "session")
	}
	return a.sessionObject(s, c.form), nil
}

func (a *stripe) expireSession(c call) (object, *stripeError) {
	s, ok := a.sessions[c.id]
	if !ok {
		return nil, noSuch("checkout.session", c.id, "session")
	}
	if s.Status != "open" {
		return nil, refuse(http.StatusBadRequest, "", "", fmt.Sprintf("Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `%s`.", s.Status))
	}
	a.expire(s)
	return a.sessionObject(s, c.form), nil
}

// expire closes a session and says so.
func (a *stripe) expire(s *session) *event {
	s.Status = "expired"
	a.keep(keptSession, s.ID, s)
	return a.emit("checkout.session.expired", s.ID, a.sessionObject(s, nil), delivery{})
}

// expireDue closes the open sessions whose end has come in business time.
func (a *stripe) expireDue() {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock.Now().Unix()
	for _, s := range a.sessions {
		if s.Status == "open" && s.ExpiresAt <= now {
			a.expire(s)
		}
	}
}

// sessionObject is the session on the wire. form may ask for payment_intent to be expanded.
func (a *stripe) sessionObject(s *session, form url.Values) object {
	o := object{
		"id": s.ID, "object": "checkout.session", "livemode": false, "mode": "payment", "ui_mode": "hosted",
		"status": s.Status, "payment_status": s.PaymentStatus, "amount_subtotal": s.Amount, "amount_total": s.Amount,
		"currency": s.Currency, "created": s.Created, "expires_at": s.ExpiresAt, "metadata": s.Metadata,
		"client_reference_id": orNull(s.Reference), "customer_email": orNull(s.Email), "locale": orNull(s.Locale),
		"success_url": s.SuccessURL, "cancel_url": orNull(s.CancelURL), "payment_intent": orNull(s.Intent),
		"payment_method_types": []string{"card"}, "payment_method_collection": "if_required", "payment_method_options": object{},
		"automatic_tax":           object{"enabled": false, "liability": nil, "status": nil},
		"phone_number_collection": object{"enabled": false},
		"total_details":           object{"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
		"custom_fields":           []any{}, "shipping_options": []any{}, "customer_creation": "if_required",
		"custom_text": object{"after_submit": nil, "shipping_address": nil, "submit": nil, "terms_of_service_acceptance": nil},
	}
	o.absent(`after_expiration allow_promotion_codes billing_address_collection client_secret consent
		consent_collection currency_conversion customer customer_details invoice invoice_creation payment_link
		payment_method_configuration_details recovered_from setup_intent shipping_address_collection shipping_cost
		shipping_details submit_type subscription url`)
	if s.Status == "open" {
		o["url"] = s.URL
	}
	if i, ok := a.intents[s.Intent]; ok && expands(form, "payment_intent") {
		o["payment_intent"] = a.intentObject(i, nil)
	}
	return o
}

// expands tells whether the caller asks for a field to be an object instead of its id.
func expands(form url.Values, field string) bool {
	return slices.Contains(form["expand[]"], field) || slices.Contains(form["expand[0]"], field)
}

func webURL(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && len(raw) <= maxURL
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// nested reads prefix[key]=value pairs.
func nested(form url.Values, prefix string) map[string]string {
	found := map[string]string{}
	for key := range form {
		if rest, ok := strings.CutPrefix(key, prefix+"["); ok && strings.HasSuffix(rest, "]") {
			found[strings.TrimSuffix(rest, "]")] = form.Get(key)
		}
	}
	return found
}

func checkMetadata(param string, metadata map[string]string) *stripeError {
	if len(metadata) > 50 {
		return refuse(http.StatusBadRequest, "", param, "Metadata can have up to 50 keys.")
	}
	for key, value := range metadata {
		switch {
		case longer(key, 40):
			return refuse(http.StatusBadRequest, "", param, "Metadata keys can be up to 40 characters long: "+key)
		case longer(value, 500):
			return refuse(http.StatusBadRequest, "", param+"["+key+"]", "Metadata values can be up to 500 characters long.")
		}
	}
	return nil
}
