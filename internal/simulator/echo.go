package simulator

import (
	"context"
	"fmt"
)

// staffSays plays a person of the salon who answers a customer with another tool than the console: from
// the business's own phone, whose echo Meta sends on, or in Chatwoot. With status they also leave the
// conversation there in another state.
func (s *Server) staffSays(ctx context.Context, in sayRequest) (answer sayAnswer, err error) {
	answer.Replies = []Reply{}
	phone, err := phoneOf(in.From, "from")
	if err != nil {
		return answer, err
	}
	patience, err := waitMillis(in.WaitMS)
	if err != nil {
		return answer, err
	}
	channel, position, err := s.play(phone, in, &answer.MessageID)
	if err != nil || patience == 0 {
		return answer, err
	}
	answer.Done = s.await(ctx, patience, func(ctx context.Context) (bool, error) {
		if answer.MessageID == "" { // a change of status has no message: what is under way is waited for
			return s.idle(ctx)
		}
		return s.answered(ctx, channel, phone, answer.MessageID)
	})
	answer.Replies = s.phones.repliesSince(phone, position)
	return answer, nil
}

// play hands in what a person of the salon does; id is their message's, empty without words.
func (s *Server) play(phone string, in sayRequest, id *string) (channel string, position int, err error) {
	words := ""
	if in.Text != nil {
		words = *in.Text
	}
	switch {
	case in.Button != "" || in.List != "" || in.Media != nil:
		return "", 0, badRequest("a person of the salon says text")
	case in.Channel == "chatwoot" && in.Status != "" && words == "":
		return in.Channel, s.phones.position(phone), s.chatwoot.leave(phone, in.Status)
	case words == "":
		return "", 0, badRequest("text is empty")
	case in.Channel == "chatwoot":
		*id, position, err = s.chatwoot.answer(phone, words)
		return in.Channel, position, err
	case in.Channel != "" && in.Channel != "whatsapp":
		return "", 0, badRequest("channel must be whatsapp or chatwoot")
	}
	*id, position = s.whatsapp.echo(phone, words)
	return "whatsapp", position, nil
}

// echo is a message that a person wrote from the business's own phone: the customer's phone shows it, and
// Meta tells the app (field smb_message_echoes).
func (a *whatsapp) echo(phone, words string) (id string, position int) {
	id = wamid(phone)
	position = a.phones.show(phone, "out", Reply{ID: id, Type: "text", Text: words, URL: a.link(words)})
	a.postAs("smb_message_echoes", "whatsapp:inbound:"+phone, map[string]any{"message_echoes": []any{map[string]any{
		"from": businessNumber, "to": phone, "id": id, "timestamp": fmt.Sprint(a.clock.Now().Unix()),
		"type": "text", "text": map[string]string{"body": words},
	}}})
	return id, position
}
