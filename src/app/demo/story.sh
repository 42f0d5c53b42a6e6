# ---- Paste this into another shell: one person, from the question to the accepted offer and the first day ----
setopt interactive_comments 2>/dev/null || true
BASE={{base}}
ALUMNUS={{alumnus}}
HR={{hr}}
APPROVER={{approver}}
ADMIN={{admin}}
RECRUITER={{recruiter}}
HIRING_MANAGER={{hiring_manager}}
INTEGRATION={{integration}}
PERSON={{person}}

as() { TOKEN=$1; shift; curl -sS -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' "$@"; echo; }
id_of() { grep -o "$1_[0-9a-f]\{32\}" | head -n 1; }
etag() { curl -sS -o /dev/null -D - -H "Authorization: Bearer $HR" "$BASE$1" | tr -d '\r' | grep -i '^etag:' | cut -d ' ' -f 2; }
# Every change of something takes the ETag you read, so that nobody's change is lost.
step() { as "$1" -X POST -H "If-Match: $(etag "$2")" "$BASE$2/$3" -d "${4:-{\}}"; }
advance() { step "$HR" "/v1/applications/$APPLICATION" moves '{"kind": "advance"}'; }

# 1. She asks: may I come back, and until when? Nothing is stored; each clause is cited in Japanese and English.
as "$ALUMNUS" -X POST "$BASE/v1/people/$PERSON/questions" -d '{"regulation_id": "{{regulation}}"}'

# 2. She applies again and hands the application in.
APPLICATION=$(as "$ALUMNUS" -X POST "$BASE/v1/applications" -d '{"person_id": "{{person}}", "regulation_id": "{{regulation}}",
  "opening_id": "{{opening}}", "wished_start_date": "{{start_date}}", "reason_for_return": "介護が一段落したため"}' | id_of app)
step "$ALUMNUS" "/v1/applications/$APPLICATION" submit

# 3. HR matches the record and has eligibility decided. Before that, the way on is closed, and says why.
advance; advance
as "$HR" "$BASE/v1/applications/$APPLICATION/allowed-moves"
as "$HR" -X POST "$BASE/v1/applications/$APPLICATION/decisions"

# 4. Selection, then the treatment is worked out: the offer.
advance; advance
OFFER=$(as "$HR" -X POST "$BASE/v1/applications/$APPLICATION/offers" -d '{"expires_on": "{{expires_on}}", "terms": {
  "job": "総務", "grade": "3", "employment_type": "regular", "full_time": true, "job_family": "administration", "start_date": "{{start_date}}",
  "base_pay": {"base": {"amount": 325000, "currency": "JPY"}, "per": "month"}, "workplace": "高松"}}' | id_of off)
step "$HR" "/v1/offers/$OFFER" request-approval
step "$APPROVER" "/v1/offers/$OFFER" approve '{"reason": "Within the grade band."}'
advance; advance; advance
step "$HR" "/v1/offers/$OFFER" send

# 5. She accepts. That issues the rehire instruction: HR reads the package, and acknowledges it as the HR system would.
step "$ALUMNUS" "/v1/offers/$OFFER" accept
INSTRUCTION=$(as "$HR" "$BASE/v1/rehire-instructions?application_id=$APPLICATION" | id_of rin)
as "$HR" "$BASE/v1/rehire-instructions/$INSTRUCTION"
step "$HR" "/v1/rehire-instructions/$INSTRUCTION" acknowledge '{"reference": "HR-0001", "employee_number": "20001"}'

# 6. HR registers the return: the second employment period of the same person.
step "$HR" "/v1/applications/$APPLICATION" return '{"employee_number": "20001"}'
as "$HR" "$BASE/v1/people/$PERSON/employment-periods"
# ---- End ----
