package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// inbound is what a customer does with a phone.
type inbound struct {
	From      string // digits
	Name      string
	MessageID string
	Text      string
	Button    string
	List      string
	Media     *inboundMedia
}

type inboundMedia struct {
	Type    string `json:"type"`
	Mime    string `json:"mime"`
	Caption string `json:"caption"`
	Base64  string `json:"base64"`
}

// media is a file a customer sent.
type media struct {
	mime string
	data []byte
}

// mediaKinds are the messages that carry a file; looseKinds the ones that carry none and the
// product must take as well.
var (
	mediaKinds = []string{"image", "audio", "video", "document", "sticker"}
	looseKinds = []string{"location", "contacts", "reaction", "unsupported"}
)

// receive shows a customer's message on their own phone and sends its webhook. It returns the
// message's id and where the transcript stood before it.
func (a *whatsapp) receive(in inbound) (id string, position int, err error) {
	if in.MessageID == "" {
		in.MessageID = wamid(in.From)
	}
	message, shown, err := a.compose(in)
	if err != nil {
		return "", 0, err
	}
	contact := map[string]any{"wa_id": in.From}
	if name := a.phones.profile(in.From, in.Name); name != "" {
		contact["profile"] = map[string]string{"name": name}
	}
	position = a.phones.show(in.From, "in", shown)
	a.post("whatsapp:inbound:"+in.From, map[string]any{"contacts": []any{contact}, "messages": []any{message}})
	return in.MessageID, position, nil
}

// compose makes Meta's message and the bubble the sender sees.
func (a *whatsapp) compose(in inbound) (message map[string]any, shown Reply, err error) {
	message = map[string]any{
		"from": in.From, "id": in.MessageID, "timestamp": fmt.Sprint(a.clock.Now().Unix()),
	}
	shown = Reply{ID: in.MessageID}
	switch {
	case in.Button != "":
		bubble, option := a.phones.offered(in.From, in.Button)
		shown.Type, shown.Text = "button", option.Title
		if bubble.Template != "" { // a template's quick reply has a shape of its own
			message["type"] = "button"
			message["button"] = map[string]string{"payload": in.Button, "text": option.Title}
		} else {
			message["type"] = "interactive"
			message["interactive"] = map[string]any{
				"type": "button_reply", "button_reply": map[string]string{"id": in.Button, "title": option.Title},
			}
		}
		a.quote(message, bubble.ID)
	case in.List != "":
		bubble, option := a.phones.offered(in.From, in.List)
		shown.Type, shown.Text = "list_reply", option.Title
		message["type"] = "interactive"
		message["interactive"] = map[string]any{"type": "list_reply", "list_reply": option}
		a.quote(message, bubble.ID)
	case in.Media != nil:
		shown.Type, shown.Text = in.Media.Type, in.Media.Caption
		err = a.composeMedia(message, *in.Media)
	default:
		shown.Type, shown.Text = "text", in.Text
		message["type"] = "text"
		message["text"] = map[string]string{"body": in.Text}
	}
	return message, shown, err
}

// quote says which of our messages was answered.
func (a *whatsapp) quote(message map[string]any, bubble string) {
	if bubble != "" {
		message["context"] = map[string]string{"from": businessNumber, "id": bubble}
	}
}

func (a *whatsapp) composeMedia(message map[string]any, m inboundMedia) error {
	message["type"] = m.Type
	switch {
	case slices.Contains(mediaKinds, m.Type):
		file, err := a.store(m)
		if err != nil {
			return err
		}
		message[m.Type] = file
	case m.Type == "location":
		message["location"] = map[string]any{"latitude": 40.4168, "longitude": -3.7038, "name": m.Caption}
	case m.Type == "contacts":
		message["contacts"] = []any{map[string]any{"name": map[string]string{"formatted_name": m.Caption}}}
	case m.Type == "reaction":
		message["reaction"] = map[string]string{"message_id": wamid(businessNumber), "emoji": m.Caption}
	case m.Type == "unsupported":
		message["errors"] = []any{map[string]any{"code": unsupportedType, "title": "Message type unknown",
			"message": "Message type unknown", "error_data": map[string]string{"details": "Message type is currently not supported."}}}
	default:
		return badRequest("media.type must be one of " + strings.Join(append(slices.Clone(mediaKinds), looseKinds...), ", "))
	}
	return nil
}

// store keeps a file for download and describes it.
func (a *whatsapp) store(m inboundMedia) (map[string]any, error) {
	data, err := base64.StdEncoding.DecodeString(m.Base64)
	if err != nil {
		return nil, badRequest("media.base64 is not base64")
	}
	if m.Mime == "" {
		return nil, badRequest("media.mime is missing")
	}
	id := randomDigits(16)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.media[id] = media{m.Mime, data}
	sum := sha256.Sum256(data)
	file := map[string]any{"id": id, "mime_type": m.Mime, "sha256": base64.StdEncoding.EncodeToString(sum[:])}
	if m.Caption != "" {
		file["caption"] = m.Caption
	}
	return file, nil
}

func (a *whatsapp) file(id string) (media, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	m, ok := a.media[id]
	return m, ok
}

// forgetMedia drops every file.
func (a *whatsapp) forgetMedia() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.media = map[string]media{}
}

func (a *whatsapp) showMedia(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id == a.cfg.PhoneID { // the number itself is a node of the graph, too
		writeJSON(w, http.StatusOK, map[string]string{"id": id, "display_phone_number": businessNumber})
		return
	}
	m, ok := a.file(id)
	if !ok {
		metaRefusal(http.StatusBadRequest, 100, "Unsupported get request. Object with ID '"+id+"' does not exist", "").write(w)
		return
	}
	sum := sha256.Sum256(m.data)
	writeJSON(w, http.StatusOK, map[string]any{
		"messaging_product": "whatsapp", "id": id, "url": a.url + "/whatsapp/media/" + id,
		"mime_type": m.mime, "sha256": hex.EncodeToString(sum[:]), "file_size": len(m.data),
	})
}

func (a *whatsapp) download(w http.ResponseWriter, r *http.Request) {
	m, ok := a.file(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.mime)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(m.data) // the caller may be gone
}
