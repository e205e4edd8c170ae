package simulator

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/database"
	"frontdesk/internal/i18n"
)

// What Meta calls the demo salon.
const (
	businessAccount = "100900100900100"
	businessNumber  = "447700900100"
	// unreachable is a number that is not on WhatsApp: messages to it are accepted and then fail
	// with 131026, as Meta reports it.
	unreachable = "447700900999"
	window      = 24 * time.Hour // W15
)

// whatsapp is the Cloud API of one business phone. Refusals come at once, in the answer; an unreachable phone and a
// picture that Meta cannot show are reported later, by a status (W10 allows both).
type whatsapp struct {
	cfg     Config
	url     string
	clock   clock.Clock
	db      *database.DB
	phones  *phones
	courier *courier
	library *content.Library

	mu    sync.Mutex
	media map[string]media
}

func newWhatsApp(cfg Config, url string, p *phones, c *courier, texts *i18n.Catalogue) *whatsapp {
	return &whatsapp{
		cfg: cfg, url: url, clock: cfg.Clock, db: cfg.DB, phones: p, courier: c,
		library: content.New(cfg.DB, texts, cfg.Clock), media: map[string]media{},
	}
}

func (a *whatsapp) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /whatsapp/v20.0/{id}/messages", a.authorized(a.send))
	mux.HandleFunc("GET /whatsapp/v20.0/{id}/message_templates", a.authorized(a.listTemplates))
	mux.HandleFunc("GET /whatsapp/v20.0/{id}", a.authorized(a.showMedia))
	mux.HandleFunc("GET /whatsapp/media/{id}", a.authorized(a.download))
	mux.HandleFunc("/whatsapp/", func(w http.ResponseWriter, r *http.Request) {
		metaRefusal(http.StatusBadRequest, 2500, "Unknown path components: "+r.URL.Path, "").write(w)
	})
	return mux
}

func (a *whatsapp) authorized(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || token == "" || a.cfg.WhatsAppToken != "" && token != a.cfg.WhatsAppToken {
			metaRefusal(http.StatusUnauthorized, 190, "Invalid OAuth access token - Cannot parse access token", "").write(w)
			return
		}
		next(w, r)
	}
}

// metaError is an error as the Graph API words it (W10: code and details are what counts).
type metaError struct {
	status  int
	code    int
	message string
	details string
}

func metaRefusal(status, code int, message, details string) *metaError {
	return &metaError{status, code, message, details}
}

func (e *metaError) write(w http.ResponseWriter) {
	inner := map[string]any{
		"message": e.message, "type": "OAuthException", "code": e.code, "fbtrace_id": randomID("A", 22),
	}
	if e.details != "" {
		inner["error_data"] = map[string]string{"messaging_product": "whatsapp", "details": e.details}
	}
	writeJSON(w, e.status, map[string]any{"error": inner})
}

// send takes a message for a phone (W1, W2, W7).
func (a *whatsapp) send(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") != a.cfg.PhoneID {
		metaRefusal(http.StatusBadRequest, 100, "Unsupported post request. Object with ID '"+r.PathValue("id")+"' does not exist, cannot be loaded due to missing permissions, or does not support this operation", "").write(w)
		return
	}
	m, refusal := readSend(r)
	if refusal == nil && m.Status != "" {
		writeJSON(w, http.StatusOK, map[string]bool{"success": true}) // a read receipt of ours
		return
	}
	var reply Reply
	if refusal == nil {
		reply, refusal = a.accept(r.Context(), m)
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	to := waID(m.To)
	failure := a.failure(r.Context(), to, m)
	if failure == nil {
		a.phones.show(to, "out", reply)
	}
	a.reportDelivery(to, reply.ID, m, failure)
	sent := map[string]string{"id": reply.ID}
	if m.Type == "template" {
		sent["message_status"] = "accepted"
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp",
		"contacts":          []map[string]string{{"input": m.To, "wa_id": to}},
		"messages":          []map[string]string{sent},
	})
}

// accept decides whether Meta would take the message, and how the phone shows it.
func (a *whatsapp) accept(ctx context.Context, m sendRequest) (Reply, *metaError) {
	reply, refusal := m.read()
	if refusal != nil {
		return reply, refusal
	}
	to := waID(m.To)
	reply.ID = wamid(to)
	if m.Type == "template" {
		shown, refusal := a.fill(ctx, *m.Template)
		shown.ID, shown.URL = reply.ID, a.link(shown.Text)
		return shown, refusal
	}
	open, err := a.windowOpen(ctx, to)
	if err != nil {
		return reply, metaRefusal(http.StatusInternalServerError, 131000, "(#131000) Something went wrong", "The window could not be looked up")
	}
	if !open {
		return reply, metaRefusal(http.StatusBadRequest, 131047, "(#131047) Re-engagement message",
			"Message failed to send because more than 24 hours have passed since the customer last replied to this number.")
	}
	reply.URL = a.link(reply.Text)
	return reply, nil
}

// windowOpen tells whether the phone wrote in the last 24 hours of business time. A message that a
// script signed and posted itself counts too: it is read from what the product stored.
func (a *whatsapp) windowOpen(ctx context.Context, phone string) (bool, error) {
	now := a.clock.Now()
	if last := a.phones.inbound(phone); !last.IsZero() && now.Sub(last) < window {
		return true, nil
	}
	var last sql.NullTime
	err := a.db.On(ctx).Raw(`SELECT max(m.created_at) FROM messages m
		JOIN conversations c ON c.id = m.conversation_id JOIN contacts k ON k.id = c.contact_id
		WHERE k.channel = 'whatsapp' AND k.address = ? AND m.direction = 'in'`, e164(phone)).Scan(&last).Error
	if err != nil {
		return false, fmt.Errorf("read the last inbound message: %w", err)
	}
	return last.Valid && now.Sub(last.Time) < window, nil
}

var httpLink = regexp.MustCompile(`https?://[^\s<>"]+`)

// link is the payment or page link a text carries: the payment link when there are several.
func (a *whatsapp) link(text string) string {
	found := httpLink.FindAllString(text, -1)
	if len(found) == 0 {
		return ""
	}
	best := found[0]
	for _, link := range found {
		if strings.Contains(link, "/pay/") {
			best = link
		}
	}
	return strings.TrimRight(best, ".,;:!?)]»،؛؟")
}

// reportDelivery sends the statuses of an accepted message: sent, delivered, read; or failed.
func (a *whatsapp) reportDelivery(to, id string, m sendRequest, failure *statusError) {
	steps := []string{"sent", "delivered", "read"}
	if failure != nil {
		steps = []string{"failed"}
	}
	for _, step := range steps {
		status := map[string]any{
			"id": id, "status": step, "timestamp": fmt.Sprint(a.clock.Now().Unix()), "recipient_id": to,
		}
		if m.BizOpaque != "" {
			status["biz_opaque_callback_data"] = m.BizOpaque
		}
		if step == "failed" {
			status["errors"] = []map[string]any{{
				"code": failure.code, "title": failure.title, "message": failure.title,
				"error_data": map[string]string{"details": failure.details},
			}}
		} else {
			category := "service"
			if m.Type == "template" {
				category = strings.ToLower(categoryOf(m.Template.Name))
			}
			status["pricing"] = map[string]any{"billable": true, "pricing_model": "PMP", "category": category, "type": "regular"}
		}
		a.post("whatsapp:status:"+to, map[string]any{"statuses": []any{status}})
	}
}

// post sends news of the field "messages".
func (a *whatsapp) post(lane string, value map[string]any) { a.postAs("messages", lane, value) }

// postAs wraps a change of a field into Meta's envelope and hands it to the courier.
func (a *whatsapp) postAs(field, lane string, value map[string]any) {
	value["messaging_product"] = "whatsapp"
	value["metadata"] = map[string]string{"display_phone_number": businessNumber, "phone_number_id": a.cfg.PhoneID}
	body, err := json.Marshal(map[string]any{
		"object": "whatsapp_business_account",
		"entry": []any{map[string]any{
			"id": businessAccount, "changes": []any{map[string]any{"field": field, "value": value}},
		}},
	})
	if err == nil {
		err = a.courier.send(parcel{ID: randomID("parcel_", 20), Service: "whatsapp", Lane: lane, Body: body})
	}
	if err != nil {
		a.cfg.Log.Error("a webhook could not be sent", "err", err)
	}
}
