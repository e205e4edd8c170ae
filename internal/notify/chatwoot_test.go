package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"frontdesk/internal/chatwoot"
	"frontdesk/models"
)

// A conversation stands in Chatwoot as it does here (H4), but what people resolved or snoozed themselves is
// not set anew.
func TestHowAConversationStandsInChatwoot(t *testing.T) {
	o := open(t)
	var asked models.ChatwootStatus
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Status models.ChatwootStatus `json:"status"`
		}
		if json.NewDecoder(r.Body).Decode(&body) == nil {
			asked = body.Status
		}
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(server.Close)
	WithChatwoot(chatwoot.New(chatwoot.Config{BaseURL: server.URL, Token: "t"}))(o.Post)
	ctx := context.Background()
	for _, c := range []struct {
		people bool
		there  models.ChatwootStatus
		want   models.ChatwootStatus // "": left as it is
	}{
		{false, models.ChatwootOpen, models.ChatwootPending}, {false, models.ChatwootSnoozed, models.ChatwootPending},
		{false, models.ChatwootPending, ""}, {false, models.ChatwootResolved, ""},
		{true, models.ChatwootPending, models.ChatwootOpen}, {true, models.ChatwootResolved, models.ChatwootOpen},
		{true, models.ChatwootOpen, ""}, {true, models.ChatwootSnoozed, ""},
	} {
		asked = ""
		var until *time.Time
		if c.people {
			end := at.Add(time.Hour)
			until = &end
		}
		o.set("human_until", until)
		if err := o.db.On(ctx).Exec(`INSERT INTO chatwoot_conversations (conversation_id, account_id, chatwoot_id, status) VALUES (?, 3, 42, ?)
			ON CONFLICT (conversation_id) DO UPDATE SET status = excluded.status, set_at = NULL`, o.conv.ID, c.there).Error; err != nil {
			t.Fatal(err)
		}
		if err := o.ChatwootStatus(ctx, o.conv.ID); err != nil {
			t.Fatal(err)
		}
		var row models.ChatwootConversation
		if err := o.db.On(ctx).Take(&row).Error; err != nil {
			t.Fatal(err)
		}
		stands := c.there
		if c.want != "" {
			stands = c.want
		}
		if asked != c.want || row.Status != stands || (row.SetAt != nil) != (c.want != "") {
			t.Errorf("people %v, %s there: asked for %q, noted %s at %v; want %q", c.people, c.there, asked, row.Status, row.SetAt, c.want)
		}
	}
}
