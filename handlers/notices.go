package handlers

import (
	"context"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/notify"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

// channelOrders are the orders a stylist may choose for notices; none is the salon's.
func channelOrders() []string {
	return []string{"whatsapp mail sms", "mail whatsapp sms", "sms mail whatsapp", "whatsapp", "mail", "sms"}
}

func orderOptions(ctx context.Context) []ui.Option {
	options := []ui.Option{{Label: i18n.T(ctx, "notify.order.usual")}}
	for _, order := range channelOrders() {
		var names []string
		for _, channel := range strings.Fields(order) {
			names = append(names, i18n.T(ctx, "notify.channel."+channel))
		}
		options = append(options, ui.Option{Value: order, Label: strings.Join(names, i18n.T(ctx, "notify.order.then"))})
	}
	return options
}

// toldOf is what stylists were told of a visit and how it reached them.
func (s *Server) toldOf(ctx context.Context, q diaryQuery, appointmentID models.ID) ([]diary.Told, error) {
	notices, err := s.Post.ToldOf(ctx, appointmentID)
	if err != nil {
		return nil, err
	}
	out := make([]diary.Told, 0, len(notices))
	for _, n := range notices {
		line := diary.Told{What: ui.Word(ctx, "console.notice", n.Event), At: n.CreatedAt.In(q.zone), Undelivered: n.ReachedAt == nil && n.GivenUpAt != nil}
		for _, d := range n.Deliveries {
			line.Ways = append(line.Ways, diary.Way{
				Channel: ui.Word(ctx, "notify.channel", string(d.Channel)), State: ui.Word(ctx, "notify.delivery", string(d.Status)), Code: d.Code,
			})
		}
		out = append(out, line)
	}
	return out, nil
}

// todayUndelivered are notices that reached nobody's device, and what WhatsApp refuses of the salon itself.
func (s *Server) todayUndelivered(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.mayTalk(q) {
		return nil
	}
	notices, err := s.Post.Undelivered(ctx, q.now.Add(-noticesSince))
	if err != nil {
		return err
	}
	section := today.Section{Title: i18n.T(ctx, "notify.undelivered")}
	for _, n := range notices[:min(len(notices), shownOnToday)] {
		if code := notify.RefusedCode(n); code != "" {
			section.Items = append(section.Items, today.Item{
				Key: n.ID.String(), Icon: "circle-alert", Title: i18n.T(ctx, "notify.refused"), Text: ui.Word(ctx, "console.send_error", code),
				Badge: code, Tone: ui.Danger, Urgent: true,
			})
			continue
		}
		if code := notify.UnsentCode(n); code != "" {
			section.Items = append(section.Items, today.Item{
				Key: n.ID.String(), Icon: "circle-alert", Title: i18n.T(ctx, "notify.code_unsent"), Text: ui.Word(ctx, "console.send_error", code),
				Badge: code, Tone: ui.Danger,
			})
			continue
		}
		if u, is := notify.UnresolvedTemplate(n); is {
			section.Items = append(section.Items, today.Item{
				Key: n.ID.String(), Icon: "circle-alert", Title: i18n.T(ctx, "notify.unresolved", "Template", u.Name, "Language", i18n.T(ctx, "console.lang."+u.Language)),
				Text: i18n.T(ctx, "notify.unresolved."+string(u.Why)), URL: templatesPath + "/" + u.Name, Badge: i18n.T(ctx, "console.message.failed"), Tone: ui.Danger,
			})
			continue
		}
		if n.AppointmentID == nil {
			continue
		}
		v, err := s.Diary.Visit(ctx, *n.AppointmentID)
		if fault.Is(err, "booking.not_found") {
			continue // removed meanwhile
		}
		if err != nil {
			return err
		}
		item := s.visitItem(ctx, q, v, ui.Danger, i18n.T(ctx, "console.message.failed"))
		item.Key, item.Urgent, item.Icon = n.ID.String(), n.Urgent, "bell"
		item.Title = ui.Word(ctx, "console.notice", n.Event) + " · " + item.Title
		section.Items = append(section.Items, item)
	}
	p.Sections = append(p.Sections, section)
	return nil
}
