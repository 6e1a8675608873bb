namespace Cria.Data.Stories.Words;

/// <summary>The people of the stories by their pronoun, most frequent first.</summary>
static class Names
{
    public const string Girls = """
        Mia, Lily, Anna, Rosa, Nora, Ella, Ruby, Lucy, Sara, Emma, Clara, Ivy, Zoe, Maya, Tessa, Dora, Lena,
        Nina, Alice, Hazel, Daisy, Molly, Julia, Greta, Elsa, Fiona, Wanda, Marta, Bella, Sofia, Tilly, Vera,
        Edith, Frida, Gwen, Heidi, Irma, Jenny, Katie, Laura, Mabel, Nelly, Olga, Paula, Rita, Sally, Thea,
        Ursula, Viola, Wilma, Yara, Zelda, Amelia, Bonnie, Carla, Diana, Eliza, Flora, Gloria, Helga, Isabel,
        Joanna, Kira, Lydia, Miriam, Naomi, Odette, Petra, Ramona, Selma, Tamara
        """;

    public const string Boys = """
        Tom, Ben, Max, Leo, Sam, Finn, Jack, Oscar, Noah, Felix, Hugo, Theo, Adam, Paul, Otto, Peter, Emil,
        Karl, Simon, Jonas, Henry, Oliver, Victor, Walter, Arthur, Bruno, Casper, David, Edgar, Frank, Gustav,
        Harold, Ivan, Jacob, Kurt, Louis, Martin, Nils, Oswald, Patrick, Quentin, Robert, Stefan, Toby, Ulric,
        Vincent, Willy, Xavier, Anton, Bernard, Conrad, Dennis, Erik, Ferdinand, George, Hector, Igor, Julian,
        Kevin, Lukas, Morris, Norman, Orlando, Philip, Ralph, Sebastian, Tobias, Urban, Vernon, Wendel
        """;
}
