package handlers

import (
	"context"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/inbox"
	"frontdesk/models"
)

// secret is something the salon knows that not everybody may read.
type secret struct {
	what  string
	words []string // how it would stand in an answer
	may   []models.Role
}

const payloadMark = "payload-of-a-provider-7f3a"

// secrets: the matrix of product.md and its rule 6, field by field. Whom a line does not name never
// gets the words from any page, fragment, file or JSON answer (ASVS 8.2.3).
func (s *salon) secrets() []secret {
	desk := []models.Role{models.RoleAdmin, models.RoleMachine, models.RolePM, models.RoleOperator}
	inboxes := append(slices.Clone(desk), models.RolePrivacy)
	diaries := append(slices.Clone(inboxes), models.RoleFinance)
	var phones []string
	for _, st := range s.menu.Stylists {
		phones = append(phones, st.Phone)
	}
	mine := s.stylist("Dana").Phone
	return []secret{
		{"a customer's number", []string{noorPhone, mayaPhone, saraPhone}, desk},
		{"a surname", []string{"Haddad", "Lopez", "الحربي"}, diaries},
		{"a client of another stylist", []string{"Maya", "سارة"}, diaries},
		{"a client's first name", []string{"Noor"}, append(slices.Clone(diaries), models.RoleStylist)},
		{"what customers wrote", []string{"like highlights on", "hueco hoy", "التحدث مع موظف"}, inboxes},
		{"what customers were answered", []string{"Shall I book the pack"}, inboxes},
		{"another stylist's number", slices.DeleteFunc(phones, func(p string) bool { return p == mine }), desk},
		{"what a provider sent", []string{payloadMark}, nil},
		{"a password", []string{"$argon2id$", testPassword}, nil},
		{"a secret of the configuration", []string{testSecret, testStripe, testAdmin}, nil},
		{"a colleague's e-mail address", []string{"finance@luma.example", "privacy@luma.example"}, []models.Role{models.RoleAdmin, models.RoleMachine}},
	}
}

// own is what a person may always read of themselves.
var own = map[models.Role][]string{
	models.RoleFinance: {"finance@luma.example"}, models.RolePrivacy: {"privacy@luma.example"},
}

// TestRoleByField reads every page there is as everybody, whole, as fragment and as file, and searches the answers
// for what that reader may not know. Routes are taken from the table: a new page is searched from its
// first day.
func TestRoleByField(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	_, err := s.Inbox.Accept(context.Background(), models.ProviderStripe, []inbox.Event{
		{ID: "evt_seen_by_nobody", Kind: "charge.updated", Payload: []byte(`{"note":"` + payloadMark + `"}`)},
	})
	s.must(err)
	secrets, readers, seen := s.secrets(), s.readers(), map[string]bool{}
	for _, r := range s.reads() {
		for _, address := range s.addresses(r) {
			for _, role := range slices.Sorted(maps.Keys(readers)) {
				for _, form := range []struct{ query, header string }{
					{"", "Accept: text/html"}, {"", "HX-Request: true"}, {"", "Accept: application/json"}, {"format=csv", "Accept: text/csv"},
				} {
					got := s.call("GET", with(address, form.query), nil, readers[role], form.header)
					for _, word := range s.leaks(secrets, role, got, seen) {
						t.Errorf("%s reads %s at %s (%s)", role, word, address, form.header)
					}
				}
			}
		}
	}
	for _, x := range secrets {
		if len(x.may) > 0 && !seen[x.what] && x.what != "another stylist's number" && x.what != "a colleague's e-mail address" {
			t.Errorf("nobody reads %s anywhere: the words of this test are wrong", x.what)
		}
	}
}

// with adds a query to an address.
func with(address, query string) string {
	switch {
	case query == "":
		return address
	case strings.Contains(address, "?"):
		return address + "&" + query
	default:
		return address + "?" + query
	}
}

// What is searched for is held to the same table: parts of names and numbers find nothing whole that the
// reader may not know, nor anybody the reader may not find.
func TestSearchTellsNoMoreThanPages(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	secrets, seen := s.secrets(), map[string]bool{}
	for _, role := range models.Roles() {
		b := s.open(role)
		for _, part := range []string{"Noo", "noor h", "Hadda", "May", "Lope", "سار", "44770090010", "00118", "shall I", "Dan"} {
			body := url.Values{"text": {part}, "csrf": {b.csrf}}.Encode()
			for _, form := range []string{"Accept: text/html", "HX-Request: true"} {
				got := s.call("POST", "/console/find", []byte(body), typeForm, "Cookie: "+b.cookie, form)
				if got.StatusCode != 200 {
					t.Errorf("%s searches for %q: got %d", role, part, got.StatusCode)
				}
				for _, word := range s.leaks(secrets, role, got, seen) {
					t.Errorf("%s finds %s with %q", role, word, part)
				}
			}
		}
	}
	if !seen["a surname"] || !seen["a customer's number"] {
		t.Errorf("the search finds nobody: %v", seen)
	}
}

// leaks are the secrets in an answer that the reader may not know. What somebody reads rightly is noted
// in seen, so that a search for the wrong words is found out.
func (s *salon) leaks(secrets []secret, role models.Role, got answer, seen map[string]bool) []string {
	whole := readable(got)
	var out []string
	for _, x := range secrets {
		for _, word := range x.words {
			if !strings.Contains(whole, word) || slices.Contains(own[role], word) {
				continue
			}
			seen[x.what] = true
			if !slices.Contains(x.may, role) {
				out = append(out, x.what+" ("+word+")")
			}
		}
	}
	return out
}

var (
	tag   = regexp.MustCompile(`<[^>]*>`)
	inNum = regexp.MustCompile(`(\d)[\s\x{00A0}\x{202F}\x{2066}-\x{2069}().-]+(\d)`)
)

// readable is an answer in every way it could tell something: as sent, without entities and escapes,
// without markup, and with numbers written in one piece.
func readable(got answer) string {
	plain := html.UnescapeString(got.body)
	loose, err := url.QueryUnescape(plain)
	if err != nil {
		loose = ""
	}
	text := tag.ReplaceAllString(plain, "")
	joined := inNum.ReplaceAllString(inNum.ReplaceAllString(text, "$1$2"), "$1$2")
	return strings.Join([]string{got.body, plain, loose, text, joined, got.Header.Get("Location")}, "\n")
}

// The search itself finds what is written in other ways.
func TestTheSearchFindsWhatIsHidden(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		noorPhone, "<bdi>+44</bdi> 7700\u00a0900101", `<a href="tel:%2B447700900101">`, "+44 7700 900-101", `{"phone":"+447700900101"}`, "&#43;447700900101",
	} {
		if !strings.Contains(readable(answer{Response: s200(), body: body}), noorPhone) {
			t.Errorf("not found in %s", body)
		}
	}
}

func s200() *http.Response { return &http.Response{Header: http.Header{}} }

// A stylist reads and changes their own visits alone, whatever the address says: every route that names a
// visit or a conversation is tried on somebody else's (rule 6 of product.md).
func TestStylistsReachTheirOwnVisitsAlone(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	b := s.open(models.RoleStylist)
	before := s.written()
	others := map[string]string{
		"/console/diary/visits/": s.held.ID.String(), "/console/conversations/": s.noor.ID.String(), "/console/cases/": s.things["/console/cases/"][0],
	}
	for _, r := range s.surface {
		for prefix, id := range others {
			if !strings.HasPrefix(r.Path, prefix+":") {
				continue
			}
			path := firstParameter.ReplaceAllLiteralString(r.Path, id)
			got := s.call(r.Method, path, []byte("reason=x"), typeForm, "Cookie: "+b.cookie, "X-CSRF-Token: "+b.csrf, "Accept: text/html")
			if got.StatusCode != 403 && got.StatusCode != 404 {
				t.Errorf("%s %s: got %d, want a refusal", r.Method, r.Path, got.StatusCode)
			}
		}
	}
	for table, state := range s.written() {
		if state != before[table] {
			t.Errorf("somebody else's visit: %s was written to", table)
		}
	}
}
