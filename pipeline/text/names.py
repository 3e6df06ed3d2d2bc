"""Given names and titles: what shows that capitalised words are a person, and how one speaks of them."""

from functools import cache

from pipeline.text.words import word_set

_WOMEN = word_set("""
    Abigail Adriana Agnes Alexandra Alice Alicia Alison Allison Amanda Amber Amy Ana Andrea Angela Anita Ann Anna Anne Annette Annie
    Ashley Audrey Barbara Beatrice Becky Bernadette Beth Betty Beverly Bonnie Brenda Bridget Brittany Camille Candice Candace Carla Carol
    Carole Caroline Carolyn Catherine Cathy Cecilia Charlotte Cheryl Chloe Christina Christine Chrystia Cindy Claire Clara Claudia Colleen
    Connie Courtney Crystal Cynthia Dana Danielle Daphne Dawn Deb Debbie Deborah Denise Diana Diane Dina Dolores Donna Dora Doris Dorothy Edith
    Eileen Elaine Eleanor Elena Elise Elizabeth Ella Ellen Elsie Emily Emma Erica Erin Esther Eva Evelyn Faith Fiona Florence Frances
    Francine Gabrielle Gail Geraldine Gina Ginette Gloria Grace Gretchen Gwen Hannah Harriet Heather Heidi Helen Helena Hilary Hillary Holly Ida
    Ingrid Irene Iris Isabel Isabelle Ivanka Jacqueline Jan Jane Janet Janice Janine Jasmine Jean Jeanne Jen Jenna Jennifer Jenny Jessica Jill
    Jo Joan Joanna Joanne Jocelyn Jody Josephine Joy Joyce Judith Judy Julia Julie June Kaitlyn Kamala Karen Karina Karine Karoline Kate
    Katherine Kathleen Kathryn Kathy Katie Katrina Kelly Kerry-Lynne Kimberly Kim Kirsten Kirstjen Kristen Kristi Kristin Kristina Kristy Krista Laura Lauren Laurie
    Leah Leslie Lena Lillian Linda Lindsay Lisa Liz Lois Lori Lorna Lorraine Louise Lucia Lucy Lydia Lynn Lynne Madeleine Marcia Margaret Maria
    Marie Marilyn Marina Marion Marjorie Marlene Marsha Martha Martine Mary Maryam Maureen Maxine Megan Melanie Mélanie Melinda Melissa Meredith
    Michelle Mildred Mindy Miriam Molly Monica Monique Nadia Nancy Naomi Natalie Natasha Nicole Nina Nora Norma Olga Olivia Paige Pamela Pam Patricia
    Patty Paula Pauline Peggy Penny Phyllis Priya Rachel Rachael Rebecca Renee Renée Rhonda Rita Roberta Robyn Rona Rosa Rose Rosemary Roxanne
    Ruby Ruth Sabrina Sally Samantha Sandra Sara Sarah Shannon Sharon Sheila Shelley Sherry Shirley Silvia Sonia Sophia Sophie Stacey Stacy Stella
    Stephanie Sue Susan Susanne Suzanne Sylvia Tamara Tammy Tanya Tara Teresa Theresa Therese Tina Tracy Ursula Valerie Vanessa Vera Veronica Vicki
    Victoria Virginia Vivian Wendy Whitney Yolanda Yvette Yvonne Zoe Gita Rana Danielle Usha Melania Harjit-Kaur
""")
_MEN = word_set("""
    Aaron Abdul Abe Abraham Adam Adrian Ahmed Al Alan Albert Alejandro Alex Alexander Alexandre Alfred Ali Allan Allen Alvin Amarjeet Anand Andre André Andreas Andrew
    Andy Angelo Angus Anthony Antoine Antonio Archie Arif Arnold Art Arthur Austin Barack Barry Ben Benjamin Bernard Bernie Bert Bill Billy Blake Bob Bobby Brad
    Bradley Brendan Brent Brett Brian Bruce Bruno Bryan Byron Calvin Cameron Carl Carlos Cecil Cedric Chad Charles Charlie Chris Christian Christopher
    Chuck Clarence Clark Claude Clay Cliff Clifford Clinton Cody Colin Conrad Corey Cory Craig Curt Curtis Cyril Dale Damien Dan Daniel Danny Darcy
    Darrell Darren Darryl Dave David Dean Denis Dennis Derek Derrick Dick Dirk Dominic Don Donald Doug Douglas Drew Duane Duncan Dustin Dwayne Dwight Earl
    Ed Eddie Edgar Edmund Eduardo Edward Edwin Eli Elliott Emmanuel Eric Ernest Ernie Ethan Etienne Eugene Evan Felix Fernando Flavio Floyd Francis Francisco
    Francois François François-Philippe Frank Franklin Fred Frederick Gabriel Garth Gary Gavin Gene Geoff Geoffrey George Gerald Gerard Gerry Gilbert Gilles
    Glen Glenn Gord Gordon Graham Grant Greg Gregory Guillaume Gus Guy Hakeem Harjit Harold Harry Harvey Hassan Hector Henri Henry Herbert Herman Hiroshi Howard Hubert Hugh
    Hugo Ian Igor Isaac Ivan Jack Jackson Jacob Jacques Jagmeet Jaime Jake Jamal James Jamie Jamieson Jared Jason Javier Jay Jean-Claude Jean-François
    Jean-Guy Jean-Marc Jean-Paul Jean-Pierre Jean-Yves Jeff Jeffrey Jens Jeremy Jerome Jerry Jesse Jesus Jim Jimmy Joachim Joaquin Joe Joel Joey Johan
    John Johnny Jon Jonathan Jorge Jose José Josef Joseph Josh Joshua Juan Julian Julio Justin Karl Keith Ken Kenneth Kent Kevin Kirk Klaus Kurt Kyle
    Lance Larry Lars Laurence Laurent Lawrence Lee Len Leo Leon Leonard Leonardo Leroy Leslie Lester Lewis Liam Lindsey Lloyd Lou Louis Luc Lucas Luis Luke Lyle
    Malcolm Manuel Marc Marcel Marcelo Marco Marcus Mario Mark Martin Marvin Mathieu Matt Matteo Matthew Maurice Mauricio Max Maxime Mel Melvin Michael Michel
    Miguel Mike Mitch Mitchell Mohamed Mohammad Mohammed Morgan Murray Nathan Nathaniel Navdeep Neil Nelson Nicholas Nick Nicolas Nigel Noah Noel Norman Oliver
    Olivier Omar Oscar Owen Pablo Pascal Pat Patrice Patrick Paul Paulo Pedro Perrin Pete Peter Phil Philip Philippe Phillip Pierre Pieter Prabmeet Rafael Raj Rajesh
    Ralph Ramon Randall Randy Ray Raymond Raúl Raul Reggie Rene René Rex Ricardo Richard Rick Rob Robert Roberto Robin Rod Roderick Rodney Roger Roland
    Romeo Ron Ronald Rory Ross Roy Rudy Russ Russell Ryan Salvador Sam Samuel Scott Sean Seamus Sebastian Serge Sergei Seth Shane Shaun Shawn Sheldon
    Sherrod Sid Sidney Simon Spencer Stan Stanley Stefan Stephane Stéphane Stephen Steve Steven Stewart Stuart Sylvain Ted Terence Terrence Terry Theo Theodore Thomas
    Tim Timothy Tobias Todd Tom Tommy Tony Travis Trevor Troy Tyler Victor Vince Vincent Vladimir Wab Wade Walter Warren Wayne Wesley Wilbur
    Wilfred Will Willem William Winston Xavier Yves Zachary Andrés Enrique Ildefonso Jeffery Shigeru Narendra Xi Keir Boris Emmanuel Olaf Friedrich Volodymyr Joaquín Kash Elon Jeb
""")
_WOMANS_TITLES = word_set("Ms Mrs Miss Madam Dame Sister")
_MANS_TITLES = word_set("Mr Sir Lord Father")
TITLES = word_set("""
    Mr Ms Mrs Miss Dr Prof Professor Sir Dame President Premier Governor Gov Senator Sen Sens Rep Reps Representative Congressman
    Congresswoman Minister Secretary Mayor Ambassador General Gen Admiral Adm Lt Lieutenant Col Colonel Maj Major Capt Captain Chief Judge Justice
    Speaker Chancellor Commissioner Chairman Chair Chairwoman Chairperson Director Leader Councillor Sheriff Attorney
    Spokesman Spokeswoman Spokesperson Adviser Advisor Envoy Vice-President King Queen Prince Pope Rev Reverend Sgt Officer MP MPP Prime Economist
    Analyst CEO Democrat Republican Treasurer Administrator Envoy Negotiator Critic Undersecretary Deputy
""")
_FEMALE_ROLES = word_set("""
    spokeswoman congresswoman councilwoman chairwoman businesswoman saleswoman woman mother grandmother daughter sister aunt wife widow girl
    waitress queen actress mom mum assemblywoman
""")
_MALE_ROLES = word_set("""
    spokesman congressman councilman chairman businessman salesman man father grandfather son brother uncle husband boy waiter king fisherman
    lineman cattleman dairyman foreman widower dad statesman assemblyman
""")


def gender_of_words(words: tuple[str, ...] | list[str]) -> str:
    """'f' or 'm' by a title, a given name or a role noun among the words of a mention; else ''."""
    for word in words:
        if word in _WOMANS_TITLES or word.lower() in _FEMALE_ROLES:
            return "f"
        if word in _MANS_TITLES or word.lower() in _MALE_ROLES:
            return "m"
    for word in words:
        if word in _given_names():
            return _given_names()[word]
    return ""


def is_given_name(word: str) -> bool:
    """Whether a word is a common given name."""
    return word in _given_names()


@cache
def _given_names() -> dict[str, str]:
    """Gender of each given name; '' where both bear it."""
    both = _WOMEN & _MEN
    return {name: "" if name in both else "f" if name in _WOMEN else "m" for name in _WOMEN | _MEN}
