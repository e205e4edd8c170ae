package handlers

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/policies"
	"frontdesk/views/ui"
)

// maxReason is how long the reason of a change may be.
const maxReason = 200

// changePolicy asks for a new value of one policy.
func (s *Server) changePolicy(c *fiber.Ctx) error {
	policy, ok := settings.Find(c.Params("key"))
	if !ok {
		return fault.NotFound("settings.unknown")
	}
	ctx := c.UserContext()
	name := i18n.T(ctx, "policies.key."+policy.Key)
	return s.editPolicies(c, []settings.Policy{policy}, policies.Edit{
		Title: i18n.T(ctx, "policies.change.title", "Policy", name), Lead: i18n.T(ctx, "policies.meaning."+policy.Key), Back: policiesPath + "/" + policy.Key,
		Phrase: phraseOf(policy, name), Effect: i18n.T(ctx, "policies.reach."+string(policy.Reach)),
	})
}

// changePolicies asks for new values of a group, which stand together or not at all.
func (s *Server) changePolicies(c *fiber.Ctx) error {
	group := settings.Group(c.Params("group"))
	list := ofGroup(group)
	if len(list) == 0 {
		return fault.NotFound("settings.unknown")
	}
	ctx := c.UserContext()
	return s.editPolicies(c, list, policies.Edit{
		Title: i18n.T(ctx, "policies.group.change", "Group", i18n.T(ctx, "policies.group."+string(group))), Back: link(policiesPath, "group", string(group)),
	})
}

// phraseOf is what is typed to change a grave policy: its name. Others ask for none.
func phraseOf(p settings.Policy, name string) string {
	if !p.Grave {
		return ""
	}
	return name
}

// editPolicies is the form of one policy or several: as they stand, as typed, or done.
func (s *Server) editPolicies(c *fiber.Ctx, list []settings.Policy, page policies.Edit) error {
	ctx := c.UserContext()
	now, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "policies.key")
	edit := settings.Edit{Reason: f.OptionalText("reason", maxReason), Actor: actorOf(ctx)}
	for _, p := range list {
		edit.Changes = append(edit.Changes, readPolicy(f, p, now))
	}
	if page.Phrase != "" {
		f.Phrase(page.Phrase)
	}
	if f.Valid() {
		if _, err = s.Policies.Change(ctx, edit); err == nil {
			return s.acted(c, acted{To: page.Back, Toast: "policies.done.group"})
		}
		if !s.refusedPolicies(f, edit, now, err) {
			return err
		}
	}
	page.Form = f.Shown()
	for _, p := range list {
		field := policyField(ctx, p)
		if len(list) > 1 { // one alone says this of itself
			field.Hint = i18n.T(ctx, "policies.meaning."+p.Key) + " " + field.Hint + " " + i18n.T(ctx, "policies.reach."+string(p.Reach))
		}
		page.Fields = append(page.Fields, field)
	}
	return s.formPage(c, screen{title: "policies.change", room: staff.Policies}, f, policies.Change(page))
}

// readPolicy reads one policy's field and the value its editor saw.
func readPolicy(f *form, p settings.Policy, now settings.Policies) settings.Change {
	change := settings.Change{Key: p.Key}
	switch value := now.Value(p.Key).(type) {
	case int:
		f.Fill(p.Key, strconv.Itoa(value))
		change.Value = readCount(f, p)
	case bool:
		f.Fill(p.Key, map[bool]string{true: "yes", false: "no"}[value])
		change.Value = f.Choice(p.Key, "yes", "no") == "yes"
	case models.Text:
		f.FillTexts(p.Key, value)
		change.Value = f.Texts(p.Key, p.Max)
	case string:
		f.Fill(p.Key, value)
		change.Value = f.OptionalText(p.Key, max(p.Max, 60))
	}
	seen := "seen." + p.Key
	f.Fill(seen, string(now.JSON(p.Key)))
	change.Seen = json.RawMessage(f.OptionalText(seen, 2000))
	return change
}

func readCount(f *form, p settings.Policy) int {
	if p.Kind == settings.Number {
		return f.Number(p.Key, p.Min, p.Max)
	}
	var choices []string
	for _, n := range p.Choices {
		choices = append(choices, strconv.Itoa(n))
	}
	n, _ := atoi(f.Choice(p.Key, choices...)) // empty only when the choice was refused
	return n
}

// refusedPolicies takes a refusal into the form. Where somebody else was quicker, it shows both values and
// takes theirs as seen: saving again replaces it knowingly.
func (s *Server) refusedPolicies(f *form, e settings.Edit, now settings.Policies, err error) bool {
	if !fault.Is(err, "settings.changed_meanwhile") {
		return f.Refused(err)
	}
	for _, c := range e.Changes {
		policy, _ := settings.Find(c.Key)
		if string(c.Seen) != string(now.JSON(c.Key)) {
			f.Wrong(c.Key, "policies.somebody", "Now", valueOf(f.ctx, policy, now.Value(c.Key)), "Typed", valueOf(f.ctx, policy, c.Value))
		}
		f.values.Set("seen."+c.Key, string(now.JSON(c.Key)))
	}
	return len(f.wrong) > 0
}

// defaultPolicy sets a policy back to its default.
func (s *Server) defaultPolicy(c *fiber.Ctx) error {
	st, err := s.policyState(c.UserContext(), c.Params("key"))
	if err != nil {
		return err
	}
	return s.replacePolicy(c, st, "policies.default", settings.Change{Key: st.Key}, st.Default)
}

// restorePolicy makes an earlier value the one in force again.
func (s *Server) restorePolicy(c *fiber.Ctx) error {
	ctx := c.UserContext()
	st, err := s.policyState(ctx, c.Params("key"))
	if err != nil {
		return err
	}
	past, err := s.Policies.History(ctx, st.Key)
	if err != nil {
		return err
	}
	for _, p := range past {
		if strconv.FormatInt(p.ID, 10) == c.Params("change") && p.Is != nil {
			return s.replacePolicy(c, st, "policies.restore", settings.Change{Key: st.Key, Value: p.Is}, p.Is)
		}
	}
	return fault.NotFound("settings.no_such_change")
}

// replacePolicy puts a known value in force, after saying which and what it reaches.
func (s *Server) replacePolicy(c *fiber.Ctx, st settings.State, act string, change settings.Change, value any) error {
	ctx := c.UserContext()
	name := i18n.T(ctx, "policies.key."+st.Key)
	page := policies.Replace{
		Title: i18n.T(ctx, act+".title", "Policy", name), Submit: i18n.T(ctx, act), Back: policiesPath + "/" + st.Key, Key: st.Key,
		Lead:   i18n.T(ctx, "policies.becomes", "New", valueOf(ctx, st.Policy, value), "Now", valueOf(ctx, st.Policy, st.Value)),
		Effect: i18n.T(ctx, "policies.reach."+string(st.Reach)), Phrase: phraseOf(st.Policy, name),
	}
	f := s.form(c, "policies.key")
	f.Fill("seen", string(st.JSON))
	change.Seen = json.RawMessage(f.OptionalText("seen", 2000))
	edit := settings.Edit{Changes: []settings.Change{change}, Reason: f.OptionalText("reason", maxReason), Actor: actorOf(ctx)}
	if page.Phrase != "" {
		f.Phrase(page.Phrase)
	}
	if f.Valid() {
		_, err := s.Policies.Change(ctx, edit)
		if err == nil {
			return s.acted(c, acted{To: page.Back, Toast: "policies.done.group"})
		}
		if !f.Refused(err) {
			return err
		}
		f.values.Set("seen", string(st.JSON))
	}
	page.Form = f.Shown()
	return s.formPage(c, screen{title: act, room: staff.Policies}, f, policies.ReplaceForm(page))
}

// policyField is how a policy is asked for.
func policyField(ctx context.Context, p settings.Policy) policies.Field {
	field := policies.Field{
		Kind: string(p.Kind), Key: p.Key, Hint: limitsOf(ctx, p) + ".", Max: p.Max,
	}
	if p.Unit != "" {
		field.Unit = i18n.T(ctx, "policies.unit."+p.Unit)
	}
	for _, n := range p.Choices {
		field.Options = append(field.Options, ui.Option{Value: strconv.Itoa(n), Label: i18n.N(ctx, "policies.value."+p.Unit, n)})
	}
	if p.Kind == settings.Switch {
		field.Options = []ui.Option{{Value: "yes", Label: i18n.T(ctx, "policies.value.on")}, {Value: "no", Label: i18n.T(ctx, "policies.value.off")}}
	}
	return field
}
