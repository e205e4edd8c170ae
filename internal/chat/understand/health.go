package understand

// Health questions go to a person before anything else, so these tables lean towards catching
// too much: a needless hand-off costs a minute, a missed one may cost a customer's health. An empty
// topic blocks an ordinary wording.

var englishHealth = []entry[HealthTopic]{
	{"", `
		is it safe to pay|park|leave|book
		safe to pay|park|leave|book
		safe payment|link|parking
		no allergies|allergy`},
	{TopicPregnancy, `
		pregnan%
		expecting a|baby|my
		im|i am|she is expecting $
		trimester|trimesters|preggo|preggers
		weeks|months along
		with child
		trying to conceive
		ivf
		have a baby on the way`},
	{TopicBreastfeeding, `
		breastfeed%
		breastfed
		breast feed%
		nursing
		lactat%
		pumping milk
		postpartum|postnatal
		just|recently had|gave a|birth baby|to?`},
	{TopicAllergy, `
		allerg%
		alergic|alergy|alergies
		anaphyla%
		rash|rashes|hives|itching|itchy|itch|itches|swollen|swelling|swelled|blister%
		bad|a|skin|had|any reaction|reactions
		reaction|react|reacted|reacts to
		react badly
		intoleran%
		ppd|ammonia|paraben|latex|peroxide
		patch|allergy test|tests
		ingredients
		hypoallergenic
		burns|burning|stings|stinging|tingling`},
	{TopicSkin, `
		eczema|exzema|psoriasis|dermatitis|rosacea|vitiligo|acne|impetigo|ringworm|fungal|fungus|folliculitis|seborrh%|alopecia|lupus|herpes|shingles|wart|warts|mole|moles|melanoma|lice|nits|scabies
		skin condition|conditions|disease|problem|problems|disorder|issue|issues|infection
		scalp condition|infection|psoriasis|disease|problem|problems|sores|issue
		cold sore|sores
		nail infection|fungus`},
	{TopicInjury, `
		sensitive skin|scalp|head
		skin|scalp is|very|so|really|extremely * sensitive
		wound|wounds|wounded|stitches|sutures|scab|scabs|injury|injured|injuries|bleeding|bruise|bruised|sunburn|sunburnt|sunburned|scar|scars|scarring
		burn|burnt|burned on|my|skin|scalp|face
		burnt|burned * scalp|skin|face|head|neck|hand
		cut on|in my
		i|have|got a? cut my|on
		open|raw|broken|irritated|damaged|inflamed|infected|peeling skin|scalp|wound|sore
		skin|scalp|irritated irritation|irritated|inflamed|peeling
		bleach burn|burns
		sore scalp|skin`},
	{TopicMedication, `
		medicat%
		medicine|medicines|meds|pills|tablets|antibiotic%|isotretinoin|roaccutane|accutane|retinol|retinoid|retinoids|tretinoin|cortisone|steroid|steroids|antidepressant%|insulin|warfarin|aspirin|ibuprofen|methotrexate|chemo%|anticoagulant%|minoxidil|finasteride|prescription|prescribed|drug|drugs
		blood thinner|thinners
		hormone|hormonal treatment|therapy
		on|taking the pill`},
	{TopicSurgery, `
		surgery|surgeries|surgical|surgeon|operation|operated|op|transplant|caesarean|cesarean|biopsy
		c section
		botox|fillers|filler|lasik|laser
		hair transplant
		had|having|have an? operation|surgery|procedure
		implant|implants|pacemaker`},
	{TopicIllness, `
		cancer|tumour|tumor|leukaemia|leukemia|diabet%|epilep%|seizure|seizures|asthma|hepatitis|hiv|anaemia|anemia|thyroid|stroke|fever|flu|covid|corona|migraine|migraines|chickenpox|measles|infection|infectious|contagious|autoimmune|thrombosis|varicose|haemophilia|hemophilia|fibromyalgia|arthritis|osteoporosis
		heart|kidney|liver|lung condition|disease|problem|problems|failure|patient
		high|low blood pressure
		blood pressure
		radiation|radio|chemo therapy
		radiotherapy|chemotherapy
		im|i am|feel|feeling|been|very|so sick|ill|unwell
		illness|disease|diseases
		medical|health condition|conditions|issue|issues|problem|problems|reason|reasons|question|history|advice
		hair loss|falling|fall
		my|the doctor|dermatologist|gp|physician|oncologist
		doctor|dermatologist`},
	{TopicContraindication, `
		contraindicat%
		side effect|effects
		is|are|would|will|its * safe|harmful|dangerous|risky|unsafe|toxic
		safe to|for|if|during|while|when
		harm|hurt|damage|affect|affects|harmful my|the|to|for? baby|health|skin|scalp|eyes
		any risks|risk|dangers
		bad for my|the|your health|skin|baby|scalp`},
}

var spanishHealth = []entry[HealthTopic]{
	{"", `
		es seguro pagar|aparcar|dejar|reservar|el|comprar
		segura|seguro pagar
		no tengo alergias|alergia
		puntos de|por`},
	{TopicPregnancy, `
		embaraz%
		preñada|encinta|gestante|gestacion|gestando
		espero|esperando un? bebe|hijo|hija|niño
		estoy|estar|de en estado|meses|semanas !libre
		trimestre
		en estado
		estoy de <n> meses|semanas
		quedarme|quede embarazada
		fecundacion|fiv
		in vitro`},
	{TopicBreastfeeding, `
		lactan%
		amamant%
		dar|doy|dando|dandole el|de pecho|mamar|teta
		lactancia
		postparto|posparto
		acabo|recien de? dar|parida|parir a? luz?
		puerperio`},
	{TopicAllergy, `
		alerg%
		anafila%
		sarpullido|urticaria|ronchas|roncha|erupcion|picor|picores|picazon|pica|hinchazon|hincha|hinchado|hinchada|ampolla|ampollas|eccemas
		reaccion|reacciones|reacciono
		intoleran%
		amoniaco|parabenos|ppd|latex|peroxido
		prueba de? alergia|parche|sensibilidad
		ingredientes|componentes
		hipoalergenic%
		me escuece|quema|arde|irrita`},
	{TopicSkin, `
		eccema|eczema|psoriasis|dermatitis|rosacea|vitiligo|acne|hongo|hongos|foliculitis|seborre%|alopecia|lupus|herpes|culebrilla|verruga|verrugas|lunar|lunares|melanoma|piojos|sarna|tiña|impetigo|liendres
		problema|problemas|enfermedad|enfermedades|condicion|infeccion|afeccion * piel|cuero|cutanea|cutanea|cabelludo|uñas
		calentura en el? labio`},
	{TopicInjury, `
		piel|cuero|cabeza|cuero cabelludo? * sensible|delicada|irritada|irritado|dañada|dañado|sensibles|inflamada|inflamado|atopica|quemada|quemado
		herida|heridas|puntos|costra|costras|lesion|lesiones|lesionada|sangra|sangrado|sangre|moraton|quemadura|quemaduras|insolacion|cicatriz|cicatrices|rozadura|llaga|llagas|grano|granos
		quemado|quemada|quemaron|queme * sol|piel|cabeza|cara|cuero
		irritacion|irritado|irritada|inflamacion
		atopica|atopico
		me corte|cortado la|el|en`},
	{TopicMedication, `
		medica%
		medicina|medicinas|pastilla|pastillas|antibiotic%|isotretinoina|roacutan|roaccutan|retinol|tretinoina|cortisona|corticoide|corticoides|antidepresiv%|insulina|sintrom|aspirina|ibuprofeno|metotrexato|quimio%|anticoagulante%|minoxidil|finasteride|receta|recetado|recetaron|farmaco|farmacos|hormonas|hormonal
		tomo|tomando|tomar * pildora|tratamiento|hierro
		tratamiento medico|hormonal|farmacologico`},
	{TopicSurgery, `
		cirug%
		operacion|operaciones|operada|operado|operaron|operan|opero|quirurgic%|quirofano|trasplante|cesarea|biopsia|implante|implantes|injerto|marcapasos
		botox|relleno|rellenos|laser
		recien|me|acaban operad%
		acabo de operarme|operar`},
	{TopicIllness, `
		cancer|tumor|leucemia|diabet%|epilep%|convulsiones|asma|asmatica|hepatitis|vih|anemia|tiroides|hipotiroidismo|ictus|fiebre|gripe|covid|corona|migraña|migrañas|varicela|sarampion|infeccion|contagios%|autoinmune|trombosis|varices|hemofilia|fibromialgia|artritis|osteoporosis|radioterapia
		tension|presion alta|baja|arterial
		problema|problemas|enfermedad del|de|en|renal|hepatica|cardiaca|cardiaco|corazon|riñon|higado|pulmon|medico|medicos|salud
		enfermedad|enfermedades
		estoy|me|he|sigo * enferma|enfermo|malita|mala|malo|malito
		mi|el|la|un medico|doctor|doctora|dermatologo|dermatologa|ginecologo|ginecologa|oncologo
		caida del|de pelo|cabello
		se me cae|esta el|cayendo pelo|cabello
		salud`},
	{TopicContraindication, `
		contraindic%
		efecto|efectos secundario|secundarios|adverso|adversos
		es|son|sera|seria|resulta|hay * seguro|peligroso|perjudicial|dañino|malo|nocivo|toxico|riesgo|riesgos|aconsejable|peligro para|si|teñirse|teñirme|hacerse|estando|en|durante|hacerme|ponerse|usar
		peligroso|perjudicial|nocivo|dañino|toxico|riesgo|riesgos
		es seguro
		puede|pueden|podria afectar|dañar|perjudicar`},
}

var arabicHealth = []entry[HealthTopic]{
	{"", `
		ضغط العمل|الشغل
		امن الدفع|ادفع
		هل|في? الدفع|الرابط|المكان امن|امنه
		رابط امن
		علاج للوجه|وجه|ترطيب`},
	{TopicPregnancy, `
		حامل|حمل|حملي|حبلى|حبلي|حوامل|حامله|الحمل
		انتظر|بانتظار مولود|بيبي|طفل|مولودي
		اطفال انابيب
		في الشهر الاول|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع`},
	{TopicBreastfeeding, `
		ارضع|رضاعه|رضاع|مرضع|مرضعه|برضع|ارضاع|المرضعات|ترضع|بارضع|رضيع|رضيعي|مرضعات
		بعد|عقب الولاده|ولاده|النفاس
		نفاس|ولدت|والده`},
	{TopicAllergy, `
		حساسيه|حساسيات|تحسس|تحسسي|اتحسس|حساسه|بتحسس|تتحسس|تحسست
		طفح|حكه|هرش|تورم|انتفاخ|تورمت|بثور|ارتيكاريا|شري|احمرار|ورم|تهيج
		رده|ردة فعل
		تفاعل|تفاعلت
		امونيا|بارابين|لاتكس|بيروكسيد
		مكونات|المكونات
		اختبار|فحص حساسيه|تحسس
		يحرق|تحرق|يحرقني|حرقان|يلسع`},
	{TopicSkin, `
		اكزيما|ايكزيما|صدفيه|ورديه|بهاق|برص|فطر|فطريات|ثعلبه|الثعلبه|ذئبه|هربس|ثاليل|ثؤلول|شامه|ميلانوما|قمل|جرب|حبوب|الصدفيه|الاكزيما|الفطريات
		مرض|مشكله|مشاكل|امراض|التهاب|التهابات|عدوي * جلد|جلدي|جلديه|بشره|بشرتي|فروه|فروتي|الراس|جلدى|اظافر
		التهاب|التهابات
		حب الشباب`},
	{TopicInjury, `
		بشرتي|بشره|فروه|جلد|جلدي|فروتي|راسي * حساس|حساسه|متهيجه|متهيج|مجروح|مجروحه|ملتهبه|ملتهب|محروقه|متقشره|متحسسه|متحسس
		جرح|جروح|مجروح|مجروحه|حرق|حروق|محروق|محروقه|انحرق|انحرقت|احترق|غرز|خياطه|ندبه|ندوب|كدمه|نزيف|ينزف|تقرح|تقرحات|قرحه|تسلخ|اصابه`},
	{TopicMedication, `
		دوا|ادويه|دوايي|ادويتي|علاجي|حبوب|مضاد|مضادات|روكتان|روكوتان|رواكوتان|ايزوتريتنوين|كورتيزون|انسولين|مميع|مميعات|سيوله|كيماوي|الكيماوي|كيميائي|هرمونات|هرموني|منوم|مسكن|وصفه|ريتينول|اسبرين|مينوكسيديل|دوائي|دوايى
		اخذ|اتناول|باخذ|اتعاطي|بتناول|استخدم|باخد * حبوب|علاج|دوا|ادويه|هرمون
		اتعالج`},
	{TopicSurgery, `
		جراحه|جراحيه|جراحي|قيصريه|خزعه|زراعه|بوتوكس|فيلر|ليزر|زرع|الجراحه|الجراح
		عمليه|العمليه|عمليتي|عمليات !حجز|الدفع|دفع|الحجز|تحويل|التحويل|شرا|بيع
		اجريت|سويت|عملت|عامله عمليه`},
	{TopicIllness, `
		سرطان|ورم|السكري|سكري|صرع|تشنج|تشنجات|ربو|ايدز|انيميا|الغده|غده|جلطه|حمي|انفلونزا|كورونا|كوفيد|شقيقه|جدري|حصبه|عدوي|معدي|مناعه|روماتيزم|هشاشه|دوالي|السرطان|اورام|الصرع
		فقر|سكر الدم|دم
		صداع نصفي
		ضغط الدم|دم|عالي|مرتفع|منخفض
		مرض|امراض|مريض|مريضه|المرض|مرضي|مرضيه|وعكه
		تعبان|تعبانه جدا|كتير|كثير|مره
		دكتور|دكتوره|طبيب|طبيبه|الطبيب|الدكتور|دكتوري|طبيبي|طبيبتي
		تساقط الشعر|شعري|شعر
		شعري يتساقط|بيتساقط|يطيح|بيوقع
		حاله|مشكله|ظروف|ظرف صحيه|صحي|طبيه|طبي
		صحتي|الصحه`},
	{TopicContraindication, `
		موانع|محاذير|اضرار|ضرر|مضاعفات
		اعراض|اثار جانبيه
		هل|هو|في|فيه * امن|امنه|خطر|خطير|خطيره|مضر|مضره|يضر|تضر|ضار|ضاره|يوثر|تؤثر|توثر|بيضر|بتضر|مسموح
		مضر|مضره|خطير|خطيره|يضر|تضر|بيضر
		امن|امنه|آمن|آمنه علي|على|اثنا|خلال|مع|لل|في|للحامل|اذا
		يوثر|توثر على|علي`},
}
